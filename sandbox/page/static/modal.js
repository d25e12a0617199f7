// Slack's modals: a stack of views of which the top one is in front; they change in place under the person's hands.

import { focusFirstError, focusOn, keyOf, problems, redraw, unsent } from "./blocks.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { textObject } from "./mrkdwn.js";
import { newId, raise, tabbables } from "./overlay.js";
import { act, get, watch } from "./store.js";
import { toast } from "./toast.js";

/** Show the person's modals from now on; `root` is where they are put. */
export function mountModal(root) {
  const stage = h("div", { class: "modal-stage" });
  const shown = new Map();
  let lower = null;
  const top = () => [...shown.values()].at(-1);
  const draw = () => {
    const views = get("modal") || [];
    const front = top();
    for (const [id, record] of shown) if (!views.some((view) => view.id === id)) drop(shown, id, record);
    for (const view of views) {
      if (!shown.has(view.id)) shown.set(view.id, make(view, stage));
      update(shown.get(view.id), view, get("names"));
    }
    if (views.length && !lower) lower = raise(stage, () => close(top(), false));
    bringForward(shown, top(), front);
    if (!views.length && lower) {
      lower();
      lower = null;
    }
  };
  root.classList.add("modals");
  watch(["modal", "names"], draw);
  draw();
}

function drop(shown, id, record) {
  record.node.remove();
  shown.delete(id);
}

function make(view, stage) {
  const title = h("h2", { id: newId("modal-title") });
  const warning = h("p", { class: "modal-warning", role: "alert", hidden: true });
  const body = h("div", { class: "modal-body" });
  const cross = h("button", { type: "button", class: "modal-cross", "aria-label": "Close", onclick: () => close(record, true) }, icon("close"));
  const cancel = h("button", { type: "button", class: "sl-button", onclick: () => close(record, false) });
  const go = h("button", { type: "submit", class: "sl-button primary" });
  // Not "aria-modal": the panel beside Slack stays in reach, and Slack itself is inert meanwhile.
  const node = h("div", { class: "modal", role: "dialog", "aria-labelledby": title.id, tabindex: "-1" },
    h("form", { novalidate: true, autocomplete: "off" },
      h("div", { class: "modal-head" }, title, cross), warning, body, h("div", { class: "modal-foot" }, cancel, go)));
  const record = { view, node, title, warning, body, cancel, go, cross, local: {}, busy: false, closing: false, awaitingErrors: false, bare: false, key: null };
  listen(record);
  stage.append(node);
  return record;
}

function listen(record) {
  const { node, body } = record;
  node.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(record);
  });
  // Return in a text field submits, as in Slack; on a radio button or a date it must not.
  node.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input:not(.text-input), input.picker")) event.preventDefault();
  });
  for (const kind of ["input", "control:changed"]) {
    body.addEventListener(kind, (event) => forgive(record, event.target.closest("[data-block-id]")?.dataset.blockId));
  }
  body.addEventListener("focusin", (event) => {
    record.key = keyOf(event.target);
  });
}

// What the client itself found wrong is taken back as soon as the person mends it.
function forgive(record, blockId) {
  if (!(blockId in record.local)) return;
  delete record.local[blockId];
  redrawBody(record);
}

function redrawBody(record) {
  const { view, names } = record;
  const errors = { ...view.errors, ...record.local };
  redraw(record.body, view.blocks, { names, on: { view: view.id }, values: view.values || {}, errors });
  // A text that can be scrolled must be within reach of the keyboard where nothing in it is.
  record.body.tabIndex = tabbables(record.body).length ? -1 : 0;
}

function update(record, view, names) {
  const isNew = record.view.hash !== view.hash;
  Object.assign(record, { view, names });
  if (isNew) record.local = {};
  record.title.replaceChildren(...textObject(view.title, names));
  record.cancel.replaceChildren(...(view.close ? textObject(view.close, names) : [view.submit ? "Cancel" : "Close"]));
  record.go.replaceChildren(h("span", { class: "sl-button-text" }, textObject(view.submit, names)));
  record.go.hidden = !view.submit;
  record.warning.textContent = view.warning || "";
  record.warning.hidden = !view.warning;
  redrawBody(record);
  if (isNew) record.awaitingErrors = false;
  showErrors(record);
}

function showErrors(record) {
  if (!record.awaitingErrors || !Object.keys(record.view.errors || {}).length) return;
  record.awaitingErrors = false;
  focusFirstError(record.body);
}

function bringForward(shown, front, before) {
  for (const record of shown.values()) record.node.hidden = record !== front;
  if (!front) return;
  const has = front.node.contains(document.activeElement);
  if (has && document.activeElement !== front.node) return;
  // An element that went while the app was at work gets the focus back when it returns.
  if (front.key && focusOn(front.body, front.key)) return;
  // A form that is still being fetched has no field yet: its first one takes the focus when it comes.
  const isNew = front !== before || front.bare;
  if (isNew || !has) focusFirst(front, isNew);
}

// Slack starts in the first field; where there is none, the dialog itself is read out.
function focusFirst(record, isNew) {
  const { node, body } = record;
  const field = isNew && (body.querySelector("[data-autofocus]") || body.querySelector("input:not([type=radio]):not([type=checkbox]), textarea"));
  record.bare = isNew && !field;
  (field || node).focus({ preventScroll: true });
}

async function submit(record) {
  if (record.busy || record.closing || !record.view.submit) return;
  record.local = problems(record.body);
  if (Object.keys(record.local).length) {
    redrawBody(record);
    return focusFirstError(record.body);
  }
  working(record, true);
  try {
    const fills = await unsent(record.body);
    record.awaitingErrors = true;
    await act({ do: "submit", view: record.view.id, fills });
  } catch (error) {
    toast(error.message, "bad");
  } finally {
    working(record, false);
    showErrors(record);
  }
}

// The button keeps the focus, which one that is switched off would lose.
function working(record, busy) {
  record.busy = busy;
  for (const [name, on] of [["aria-busy", busy], ["aria-disabled", busy]]) {
    if (on) record.go.setAttribute(name, "true");
    else record.go.removeAttribute(name);
  }
}

async function close(record, all) {
  if (!record || record.closing) return;
  record.closing = true;
  try {
    await act({ do: "close", view: record.view.id, all });
  } catch (error) {
    toast(error.message, "bad");
  } finally {
    record.closing = false;
  }
}
