// Short words at the edge of the page that go away by themselves.

import { h } from "./dom.js";

const STAYS_MS = 7000;
const MOST = 4;

/** Show a short text for a few seconds; `kind` is "info", "ok" or "bad". It stays while looked at. */
export function toast(text, kind = "info") {
  const root = document.querySelector("#toasts");
  const close = h("button", { type: "button", class: "toast-close", "aria-label": "Dismiss", onclick: () => node.remove() }, "×");
  const node = h("div", { class: `toast ${kind}` }, h("span", { class: "toast-text" }, String(text)), close);
  let timer = 0;
  const leave = () => (timer = setTimeout(() => node.remove(), STAYS_MS));
  for (const stay of ["pointerenter", "focusin"]) node.addEventListener(stay, () => clearTimeout(timer));
  for (const go of ["pointerleave", "focusout"]) node.addEventListener(go, leave);
  root.append(node);
  while (root.children.length > MOST) root.firstElementChild.remove();
  leave();
}
