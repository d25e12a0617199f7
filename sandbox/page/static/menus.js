// Menus: a field with a list below it, searched by typing; one choice, several as tokens, or the three dots.

import { follow, perform } from "./acting.js";
import { confirmed } from "./confirm.js";
import { h, svg } from "./dom.js";
import { Listbox } from "./listbox.js";
import { textObject } from "./mrkdwn.js";
import { newId } from "./overlay.js";

const PAUSE_MS = 150;
const LEAST_LETTERS = 3;

/** A control for any of the select menus. */
export function choiceMenu(place) {
  const { element, slot } = place;
  const many = element.type.startsWith("multi_");
  const hint = element.placeholder?.text || "Choose an option";
  const box = h("input", {
    class: "menu-input", id: newId("menu"), type: "text", role: "combobox", autocomplete: "off", spellcheck: "false",
    "aria-expanded": "false", "aria-autocomplete": "list", "aria-label": hint, placeholder: hint,
    "data-autofocus": element.focus_on_load === true,
  });
  const tokens = h("span", { class: "menu-tokens" });
  const clear = h("button", { type: "button", class: "menu-clear", "aria-label": "Clear", hidden: true }, "×");
  const node = h("div", { class: many ? "menu many" : "menu" }, many && tokens, box, clear, chevron());
  const menu = { place, many, hint, box, tokens, clear, node, chosen: [], search: { turn: 0, timer: 0, query: null } };
  menu.list = new Listbox(box, {
    names: () => slot.ctx.names,
    onPick: (option) => pick(menu, option),
    isChosen: (option) => menu.chosen.some(({ value }) => value === option.value),
  });
  menu.follower = follow(place, node, (value) => show(menu, value));
  listen(menu);
  return { node, face: box, refresh: menu.follower.refresh, filled: () => menu.chosen.length > 0 };
}

/** A control for the overflow menu: three dots and what is behind them. */
export function overflow(place) {
  const { element, slot } = place;
  const box = h("button", {
    type: "button", class: "sl-button overflow", "aria-label": "More actions", "aria-haspopup": "listbox", "aria-expanded": "false",
  }, "⋯");
  const node = h("div", { class: "menu-dots" }, box);
  const pickOne = async (option) => {
    list.close();
    if (await confirmed(element.confirm, slot.ctx.names)) await perform(place, box, { do: "choose", value: option.value });
  };
  const list = new Listbox(box, { names: () => slot.ctx.names, onPick: pickOne, isChosen: () => false });
  const openList = () => list.show([{ options: element.options }], "");
  box.addEventListener("click", () => (list.isOpen() ? list.close() : box.hasAttribute("aria-busy") || openList()));
  box.addEventListener("blur", () => list.close());
  box.addEventListener("keydown", (event) => {
    if (!list.isOpen() && event.key.startsWith("Arrow")) openList();
    else if (!list.onKey(event)) return;
    event.preventDefault();
  });
  return { node, face: box, refresh: () => {} };
}

function chevron() {
  return svg("svg", { class: "menu-chevron", viewBox: "0 0 20 20", "aria-hidden": "true" }, svg("path", { d: "M5.5 8l4.5 4.5 4.5-4.5" }));
}

function listen(menu) {
  const { box, node, list, clear } = menu;
  node.addEventListener("pointerdown", (event) => {
    if (event.target === box || event.target.closest("button, .menu-pop")) return;
    event.preventDefault();
    box.focus();
    open(menu);
  });
  box.addEventListener("click", () => open(menu));
  box.addEventListener("input", () => {
    if (list.isOpen()) look(menu);
    else open(menu, box.value);
  });
  box.addEventListener("blur", () => close(menu));
  box.addEventListener("keydown", (event) => onKey(event, menu));
  clear.addEventListener("click", () => {
    show(menu, null);
    box.focus();
    menu.follower.choose(null);
  });
}

function onKey(event, menu) {
  const { list, box } = menu;
  if (event.isComposing) return;
  if (event.key === "Escape") {
    if (!list.isOpen()) return;
    event.stopPropagation();
    close(menu);
  } else if (event.key === "Backspace" && menu.many && !box.value && menu.chosen.length) {
    pick(menu, menu.chosen.at(-1));
  } else if (!list.isOpen() && ["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) {
    open(menu);
  } else if (!list.isOpen() || !list.onKey(event)) return;
  event.preventDefault();
}

function open(menu, typed = "") {
  if (menu.list.isOpen()) return;
  menu.box.value = typed;
  if (!menu.many) menu.box.placeholder = menu.chosen[0] ? menu.chosen[0].label : menu.hint;
  menu.search.query = null;
  look(menu, true);
}

function close(menu) {
  const { search, list } = menu;
  clearTimeout(search.timer);
  search.turn += 1;
  list.close();
  rest(menu);
}

// What the field says while nobody is choosing.
function rest({ many, box, chosen, hint }) {
  box.value = many || !chosen[0] ? "" : chosen[0].label;
  box.placeholder = many && chosen.length ? "" : hint;
}

function look(menu, atOnce = false) {
  const { place, box, list, search } = menu;
  const query = box.value.trim();
  if (query === search.query) return;
  search.query = query;
  clearTimeout(search.timer);
  search.turn += 1;
  if (!place.element.type.includes("external")) return list.show(matching(menu, query), "No result");
  const least = place.element.min_query_length ?? LEAST_LETTERS;
  if (query.length < least) return list.show([], `Type a minimum of ${least} characters to see options`);
  list.wait("Loading…");
  search.timer = setTimeout(() => ask(menu, query), atOnce ? 0 : PAUSE_MS);
}

async function ask(menu, query) {
  const { place, search, list, box } = menu;
  const turn = search.turn;
  const answer = await perform(place, box, { do: "search", query });
  if (turn !== search.turn || !box.isConnected) return;
  list.show(groupsOf(answer || {}), "No result");
}

function groupsOf({ options, option_groups: groups }) {
  return groups ? groups.map(({ label, options: inside }) => ({ label, options: inside })) : [{ options: options || [] }];
}

function matching({ place }, query) {
  const wanted = query.toLowerCase();
  const fits = ({ text }) => text.text.toLowerCase().includes(wanted);
  return groupsOf(offered(place))
    .map(({ label, options }) => ({ label, options: options.filter(fits) }))
    .filter(({ options }) => options.length);
}

function offered({ element, slot }) {
  if (element.type.endsWith("static_select")) return element;
  const { people = {}, channels = {}, bot } = slot.ctx.names || {};
  const named = (entries, sign) => Object.entries(entries).map(([value, name]) => ({ text: { type: "plain_text", text: sign + name }, value }));
  if (element.type.endsWith("users_select")) return { options: named(people, "").filter(({ value }) => value !== bot && value !== "USLACKBOT") };
  return { options: named(channels, "#") };
}

function pick(menu, option) {
  const { many, chosen, box, search } = menu;
  if (!many) {
    menu.chosen = [asChosen(menu, option)];
    close(menu);
    draw(menu);
    return menu.follower.choose(option.value);
  }
  const has = chosen.some(({ value }) => value === option.value);
  menu.chosen = has ? chosen.filter(({ value }) => value !== option.value) : [...chosen, asChosen(menu, option)];
  draw(menu);
  if (menu.list.isOpen()) {
    box.value = "";
    search.query = null;
    look(menu, true);
  }
  return menu.follower.choose(option.value);
}

function show(menu, value) {
  menu.chosen = [value ?? []].flat().map((one) => asChosen(menu, one));
  draw(menu);
  if (!menu.list.isOpen()) rest(menu);
}

function asChosen({ place }, one) {
  const known = typeof one === "string" ? offered(place).options.find(({ value }) => value === one) : one;
  const value = known?.value ?? one;
  return { value, label: known?.label ?? known?.text?.text ?? value };
}

function draw(menu) {
  const { many, tokens, clear, place, box } = menu;
  clear.hidden = many || !place.block.optional || !menu.chosen.length;
  box.placeholder = many && menu.chosen.length ? "" : menu.hint;
  if (!many) return;
  tokens.replaceChildren(...menu.chosen.map((one) => h("span", { class: "token" }, textObject(one.label),
    h("button", { type: "button", "aria-label": `Remove ${one.label}`, onclick: () => { pick(menu, one); box.focus(); } }, "×"))));
}
