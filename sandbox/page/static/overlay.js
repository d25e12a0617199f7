// Dialogs in front of Slack alone: the other side of the wire stays within reach, as a second screen would.

import { h } from "./dom.js";

const TABBABLE = "button, input, textarea, select, [tabindex]";
const open = [];
let made = 0;
const over = new ResizeObserver(place);

/** Put a dialog in front; returns what takes it away again and gives the focus back. */
export function raise(dialog, onEscape) {
  const before = document.activeElement;
  const veil = h("div", { class: "overlay", onkeydown: (event) => onKey(event, veil, onEscape) }, dialog);
  (document.querySelector("#modals") || document.body).append(veil);
  open.push(veil);
  if (open.length === 1) begin();
  hush();
  place();
  return () => {
    open.splice(open.indexOf(veil), 1);
    veil.remove();
    if (!open.length) end();
    hush();
    giveBack(before);
  };
}

/** An id that nothing else on the page has. */
export function newId(word) {
  return `${word}-${(made += 1)}`;
}

/** What the Tab key can reach inside a node, in order. */
export function tabbables(node) {
  return [...node.querySelectorAll(TABBABLE)].filter((one) => !one.disabled && one.tabIndex >= 0 && one.getClientRects().length);
}

function begin() {
  document.addEventListener("keydown", onF6);
  for (const id of ["slack", "rail"]) {
    const node = document.getElementById(id);
    if (node) over.observe(node);
  }
}

function end() {
  document.removeEventListener("keydown", onF6);
  over.disconnect();
}

function hush() {
  for (const id of ["slack", "rail"]) document.getElementById(id)?.toggleAttribute("inert", open.length > 0);
  open.forEach((veil, at) => veil.toggleAttribute("inert", at < open.length - 1));
}

function place() {
  const slack = document.getElementById("slack")?.getBoundingClientRect();
  if (!slack) return;
  const rail = document.getElementById("rail")?.getBoundingClientRect();
  const beside = rail?.width > 0 && rail.right > 0 && rail.right <= slack.left + 1;
  const left = beside ? rail.left : slack.left;
  for (const { style } of open) {
    style.display = slack.width ? "" : "none";
    Object.assign(style, { left: `${left}px`, top: `${slack.top}px`, width: `${slack.right - left}px`, height: `${slack.height}px` });
  }
}

function onKey(event, veil, onEscape) {
  if (event.key === "Escape" && !event.isComposing) {
    event.stopPropagation();
    onEscape();
  } else if (event.key === "Tab") {
    const stops = tabbables(veil);
    const [first, last] = [stops[0], stops.at(-1)];
    const from = document.activeElement;
    const leaves = event.shiftKey ? from === first || !stops.includes(from) : from === last;
    if (!leaves) return;
    event.preventDefault();
    (event.shiftKey ? last : first)?.focus();
  }
}

// F6 goes from one region to the next, as in many programs; the Tab key stays inside the dialog.
function onF6(event) {
  if (event.key !== "F6") return;
  const veil = open.at(-1);
  const beyond = document.getElementById("beyond");
  event.preventDefault();
  if (veil.contains(document.activeElement)) (beyond?.getClientRects().length ? beyond : document.querySelector("#panes button"))?.focus();
  else veil.querySelector("[role$=dialog]:not([hidden])")?.focus();
}

function giveBack(before) {
  const inSight = before?.isConnected && before !== document.body && before.getClientRects().length;
  (inSight ? before : document.querySelector("#composer textarea, #composer input"))?.focus();
}
