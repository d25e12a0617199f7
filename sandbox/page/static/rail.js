// The rail: the workspace, its channels, the app, and at its foot who is looking and in which colours.

import { h, keep } from "./dom.js";
import { avatar, icon } from "./icons.js";
import { mountPeople } from "./people.js";
import { go, here, isUnread, onPlace } from "./place.js";
import { get, watch } from "./store.js";

const THEMES = [["system", "System"], ["light", "Light"], ["dark", "Dark"]];

/** Draw the rail; `failover:rail` opens it over the page where it has no room of its own. */
export function mountRail(root) {
  const team = h("p", { class: "team" });
  const channels = h("ul", { class: "places" });
  const apps = h("ul", { class: "places" });
  const people = h("div", { class: "people" });
  const close = h("button", { type: "button", class: "icon-button rail-close", "aria-label": "Close" }, icon("close"));
  root.append(
    h("div", { class: "rail-head" }, team, close),
    h("div", { class: "rail-body" }, h("h2", {}, "Channels"), channels, h("h2", {}, "Apps"), apps),
    h("div", { class: "rail-foot" }, people, themeSwitch()));
  mountPeople(people);
  drawer(root, close);
  const draw = () => {
    // Between two scenes nothing is known; the rail stays as it is, and in its place.
    if (!get("channels")) return;
    const names = get("names");
    team.textContent = names?.team || "Sandbox";
    const rows = rowsOf(names);
    const how = { key: ({ id }) => id, version: JSON.stringify, make: drawRow };
    keep(channels, rows.filter(({ kind }) => kind !== "dm"), how);
    keep(apps, rows.filter(({ kind }) => kind === "dm"), how);
  };
  watch(["channels", "names", "message/"], draw);
  onPlace(draw);
}

function rowsOf(names) {
  const { channel: now } = here();
  return (get("channels") || []).map(({ id, kind, name }) => ({
    id: kind === "dm" ? "app" : id,
    kind,
    name: kind === "dm" ? names?.people[names.bot] || "Failover" : name,
    now: id === now?.id,
    unread: id !== now?.id && isUnread(id),
  }));
}

function drawRow({ id, kind, name, now, unread }) {
  const signs = {
    channel: () => h("span", { class: "hash", "aria-hidden": "true" }, "#"),
    private: () => icon("lock"),
    dm: () => avatar("bot", name, "bot"),
  };
  // The home tab comes first once there is one; before that the conversation is the better start.
  const target = () => (kind === "dm" ? (get("home") ? "home" : "messages") : id);
  const enter = () => document.dispatchEvent(new CustomEvent("failover:place", { detail: target() }));
  return h("li", {},
    h("button", { type: "button", class: unread ? "channel unread" : "channel", "aria-current": now ? "page" : null, onclick: enter },
      signs[kind](), h("span", { class: "channel-name" }, name),
      kind === "private" && h("span", { class: "visually-hidden" }, "(private)"),
      unread && h("span", { class: "unread-dot" }, h("span", { class: "visually-hidden" }, "new messages"))));
}

function themeSwitch() {
  const wish = document.documentElement.dataset.themeWish;
  const choose = (value) => document.dispatchEvent(new CustomEvent("failover:theme", { detail: value }));
  const choices = THEMES.map(([value, label]) => {
    const props = { type: "radio", name: "theme", value, checked: value === wish, class: "visually-hidden", onchange: () => choose(value) };
    return h("label", {}, h("input", props), h("span", {}, label));
  });
  return h("fieldset", { class: "themes" }, h("legend", { class: "visually-hidden" }, "Colours"), choices);
}

// The rail as a drawer: what lies under it cannot be reached while it is open.
function drawer(root, close) {
  const veil = document.querySelector("#veil");
  const under = ["#slack", "#beyond", "#panes"].map((part) => document.querySelector(part));
  let opener = null;
  const set = (open) => {
    root.classList.toggle("open", open);
    veil.hidden = !open;
    for (const part of under) part.inert = open;
  };
  const leave = () => {
    if (!root.classList.contains("open")) return;
    set(false);
    opener?.focus();
  };
  document.addEventListener("failover:rail", (event) => {
    opener = document.activeElement;
    set(true);
    const first = root.querySelector(event.detail.focus);
    first?.focus();
    if (event.detail.press) first?.click();
  });
  for (const part of [veil, close]) part.addEventListener("click", leave);
  for (const name of ["failover:place", "failover:person", "failover:prefill"]) document.addEventListener(name, leave);
  root.addEventListener("keydown", (event) => event.key === "Escape" && leave());
  // A dialog of the app makes parts inert on its own account, so the drawer has to be gone by then.
  watch(["modal"], leave);
  matchMedia("(min-width: 1100px)").addEventListener("change", leave);
}
