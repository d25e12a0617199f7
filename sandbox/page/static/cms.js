// The form for changing a group where the bot does not see it being done.

import { h } from "./dom.js";
import { turn } from "./knob.js";
import { inOrder, nextInLine } from "./picture.js";

/** Make the form: `{node, draw(group)}`. */
export function cmsForm() {
  let group = null;
  const cms = (fields) => turn({ do: "cms", group: group.id, fields });
  const modes = ["prioritized", "flat"].map((mode) =>
    h("input", { type: "radio", name: "cms-mode", value: mode, onchange: () => cms({ mode }) }),
  );
  const back = h(
    "button",
    { type: "button", role: "switch", class: "panel-switch", onclick: () => cms({ auto_failback: !group.auto_failback }) },
    h("span", { class: "panel-track", "aria-hidden": "true" }),
    h("span", {}, "Auto failback"),
  );
  const slate = h("button", {
    type: "button",
    class: "panel-button",
    onclick: () => cms({ active_slicer_id: group.on_slate ? returning(group) : "no_slicer" }),
  });
  const name = h("input", { type: "text", class: "panel-input", autocomplete: "off", maxlength: 200 });
  const node = h(
    "details",
    { class: "up-cms" },
    h("summary", {}, "Change it in the CMS"),
    h("p", { class: "panel-note" }, "Somebody changes the group in Uplynk itself, behind the bot’s back."),
    h(
      "div",
      { class: "panel-seg", role: "radiogroup", "aria-label": "Mode" },
      modes.map((input) => h("label", {}, input, h("span", {}, input.value))),
    ),
    h("div", { class: "up-cms-row" }, back, slate),
    rename(name, cms),
  );
  const draw = (now) => {
    if (group?.id !== now.id || (group.name !== now.name && document.activeElement !== name)) name.value = now.name;
    group = now;
    for (const input of modes) input.checked = input.value === now.mode;
    back.setAttribute("aria-checked", String(now.auto_failback));
    slate.textContent = now.on_slate ? "Take off slate" : "Put on slate";
  };
  return { node, draw };
}

function rename(name, cms) {
  const send = (event) => {
    event.preventDefault();
    if (name.value.trim()) cms({ name: name.value });
  };
  return h(
    "form",
    { class: "up-rename", onsubmit: send },
    h("label", {}, h("span", {}, "Name"), name),
    h("button", { type: "submit", class: "panel-button" }, "Rename"),
  );
}

function returning(group) {
  return (nextInLine(group)[0] || inOrder(group)[0]).slicer_id;
}
