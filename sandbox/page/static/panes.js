// Which part is in front: the tabs of the right column, and one pane at a time at phone width.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { isUnread, onPlace } from "./place.js";
import { get, watch } from "./store.js";

const PANES = [
  ["slack", "Chat", "chat"],
  ["uplynk", "Uplynk", "signal"],
  ["wire", "Wire", "wire"],
  ["guide", "Guide", "guide"],
];
const TABS = ["uplynk", "wire", "guide"];
const STEPS = { ArrowRight: 1, ArrowLeft: -1 };

/** Draw the navigation of phone width and make it, the tabs and `failover:pane` agree. */
export function mountPanes(root) {
  const buttons = PANES.map(([id, label, picture]) =>
    h("button", { type: "button", "data-pane": id, onclick: () => show(id, root) }, icon(picture), h("span", {}, label)),
  );
  root.append(...buttons);
  TABS.forEach((id, at) => {
    const tab = document.querySelector(`#tab-${id}`);
    tab.addEventListener("click", () => show(id, root));
    tab.addEventListener("keydown", (event) => step(event, at, root));
  });
  document.addEventListener("failover:pane", (event) => show(event.detail, root));
  document.addEventListener("failover:group", () => show("uplynk", root));
  document.addEventListener("failover:prefill", () => show("slack", root));
  select(sessionStorage.getItem("tab") || "guide");
  show("slack", root);
  const drawUnread = () => buttons[0].classList.toggle("unread", (get("channels") || []).some(({ id }) => isUnread(id)));
  watch(["message/", "channels"], drawUnread);
  onPlace(drawUnread);
}

function show(id, root) {
  if (TABS.includes(id)) select(id);
  document.body.dataset.pane = id;
  for (const button of root.children) {
    if (button.dataset.pane === id) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
}

function select(id) {
  sessionStorage.setItem("tab", id);
  for (const other of TABS) {
    const tab = document.querySelector(`#tab-${other}`);
    tab.setAttribute("aria-selected", String(other === id));
    tab.tabIndex = other === id ? 0 : -1;
    document.querySelector(`#panel-${other}`).hidden = other !== id;
  }
}

function step(event, at, root) {
  const by = STEPS[event.key];
  if (!by) return;
  event.preventDefault();
  const id = TABS[(at + by + TABS.length) % TABS.length];
  show(id, root);
  document.querySelector(`#tab-${id}`).focus();
}
