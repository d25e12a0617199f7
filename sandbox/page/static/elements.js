// Block Kit's interactive elements as controls: {node, face, refresh, filled, …}.

import { follow, held, perform } from "./acting.js";
import { confirmed } from "./confirm.js";
import { h } from "./dom.js";
import { textInput } from "./inputs.js";
import { choiceMenu, overflow } from "./menus.js";
import { plain, textObject } from "./mrkdwn.js";
import { newId } from "./overlay.js";

const MAKERS = {
  button,
  overflow,
  radio_buttons: choices("radio"),
  checkboxes: choices("checkbox"),
  plain_text_input: textInput,
  email_text_input: textInput,
  url_text_input: textInput,
  number_input: textInput,
  static_select: choiceMenu,
  external_select: choiceMenu,
  users_select: choiceMenu,
  conversations_select: choiceMenu,
  channels_select: choiceMenu,
  multi_static_select: choiceMenu,
  multi_external_select: choiceMenu,
  multi_users_select: choiceMenu,
  multi_conversations_select: choiceMenu,
  multi_channels_select: choiceMenu,
  datepicker: picker,
  timepicker: picker,
  datetimepicker: picker,
  image: ({ element }) => ({ node: imagePlate(element), refresh: () => {} }),
};
const NATIVE = { datepicker: ["date", "Date"], timepicker: ["time", "Time"], datetimepicker: ["datetime-local", "Date and time"] };

/** The element types that are drawn; any other one becomes a visible plate. */
export const KNOWN_ELEMENTS = Object.keys(MAKERS);

/**
 * A control for an element that stands in a block. `slot.ctx` is what is known now, and may be replaced.
 * `face` is what takes the focus, and the label and the errors of an input block.
 */
export function control(element, block, slot) {
  const make = MAKERS[element.type];
  if (!make) return { node: unknown(element.type), refresh: () => {} };
  const made = make({ element, block, slot });
  made.element = element;
  made.node.dataset.actionId = element.action_id || "";
  return made;
}

/** The plate for a type that the page does not know. */
export function unknown(type) {
  return h("div", { class: "unknown", "data-type": type }, `This page does not know “${type}”.`);
}

/** Nothing from outside is loaded, so that a picture is what it says it shows. */
export function imagePlate({ alt_text: alt, image_url: url }, small = false) {
  return h("span", { class: small ? "image-plate small" : "image-plate", role: "img", "aria-label": alt || "image", title: url }, small ? "" : h("span", {}, alt));
}

function button(place) {
  const { element, slot } = place;
  const node = h("button", {
    type: "button", class: ["sl-button", element.style].filter(Boolean).join(" "),
    "aria-label": element.accessibility_label, title: element.url,
    onclick: async () => {
      if (node.hasAttribute("aria-busy") || !(await confirmed(element.confirm, slot.ctx.names))) return;
      await perform(place, node, { do: "press" });
    },
  }, h("span", { class: "sl-button-text" }, textObject(element.text, slot.ctx.names)));
  return { node, face: node, refresh: () => {} };
}

function choices(type) {
  return (place) => {
    const { element, slot } = place;
    const many = type === "checkbox";
    const name = newId(type);
    const rows = element.options.map((option) => choice(option, type, name, slot));
    const node = h("div", { class: "choices", role: many ? "group" : "radiogroup" }, rows.map(({ row }) => row));
    const show = (value) => {
      const chosen = [value || []].flat().map((option) => option.value);
      for (const { box, option } of rows) box.checked = chosen.includes(option.value);
    };
    const follower = follow(place, node, show);
    for (const { box, option } of rows) box.addEventListener("change", () => follower.choose(option.value));
    return {
      node,
      face: node,
      focus: () => (rows.find(({ box }) => box.checked) || rows[0]).box.focus(),
      refresh: follower.refresh,
      filled: () => rows.some(({ box }) => box.checked),
    };
  };
}

function choice(option, type, name, slot) {
  const [label, about] = [newId("choice"), newId("about")];
  const box = h("input", {
    type, name, value: option.value, "aria-labelledby": label, "aria-describedby": option.description ? about : null,
  });
  const row = h("label", { class: "choice" }, box, h("span", { class: "choice-words" },
    h("span", { id: label, class: "choice-text" }, textObject(option.text, slot.ctx.names)),
    option.description && h("span", { id: about, class: "choice-about" }, textObject(option.description, slot.ctx.names))));
  return { row, box, option };
}

function picker(place) {
  const { element } = place;
  const [type, label] = NATIVE[element.type];
  const box = h("input", {
    type, class: "text-input picker", id: newId("picker"), "aria-label": element.placeholder?.text || label,
    "data-autofocus": element.focus_on_load === true,
  });
  const zone = element.timezone && h("span", { class: "picker-zone" }, plain(element.timezone));
  const node = h("div", { class: "picker-box" }, box, zone);
  const seconds = element.type === "datetimepicker";
  const follower = follow(place, box, (value) => {
    box.value = value === null ? "" : seconds ? localMinute(value) : value;
  });
  box.addEventListener("change", () => {
    const value = seconds && box.value ? Math.floor(new Date(box.value).getTime() / 1000) : box.value || null;
    if (value !== held(place)) follower.choose(value);
  });
  return { node, face: box, refresh: follower.refresh, filled: () => box.value !== "" };
}

function localMinute(seconds) {
  const moment = new Date(seconds * 1000);
  return new Date(moment - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
