// Block Kit's blocks as nodes, and how they change in place so that nothing a person is doing is lost.

import { KNOWN_ELEMENTS, control, imagePlate, unknown } from "./elements.js";
import { h } from "./dom.js";
import { textObject } from "./mrkdwn.js";
import { newId } from "./overlay.js";
import { richText } from "./rich_text.js";

const DRAWERS = { section, context, divider, header, actions, input, image, rich_text: rich };
const live = new WeakMap();

/** The block types that are drawn; any other one becomes a visible plate. */
export const KNOWN_BLOCKS = Object.keys(DRAWERS);
export { KNOWN_ELEMENTS };

/** Nodes for a list of blocks. `ctx`: {names, on: {view} or {message: [channel, ts]}, values, errors}. */
export function blocks(list, ctx) {
  return (list || []).map((block) => make(block, ctx));
}

/** Bring what `blocks` or this drew into `parent` up to date; what stays the same stays in place. */
export function redraw(parent, list, ctx) {
  const focused = parent.contains(document.activeElement) ? keyOf(document.activeElement) : null;
  const old = new Map([...parent.children].map((node) => [live.get(node)?.key, node]));
  const nodes = (list || []).map((block, at) => renewed(old.get(keyOfBlock(block, at)), block, at, ctx));
  for (const node of [...parent.children]) if (!nodes.includes(node)) node.remove();
  // One by one: a node that is moved loses the focus, and one that stays where it is does not.
  nodes.forEach((node, at) => parent.children[at] === node || parent.insertBefore(node, parent.children[at] || null));
  if (focused && !parent.contains(document.activeElement)) focusOn(parent, focused);
}

/** What an element inside blocks is known by across redraws: "block_id/action_id". */
export function keyOf(node) {
  const element = node.closest("[data-action-id]");
  return element ? `${element.closest("[data-block-id]")?.dataset.blockId}/${element.dataset.actionId}` : null;
}

/** Put the focus on the element of that key; whether there is one. */
export function focusOn(parent, key) {
  const found = slots(parent).flatMap(({ block, controls }) => controls.map((made) => [`${block.block_id}/${made.element?.action_id}`, made])).find(([known]) => known === key);
  if (found) focusControl(found[1]);
  return Boolean(found);
}

/** Put the focus on the first field that has an error. */
export function focusFirstError(parent) {
  const slot = slots(parent).find(({ block, ctx }) => block.type === "input" && ctx.errors?.[block.block_id]);
  if (slot) focusControl(slot.controls[0]);
}

/** What keeps a form from being submitted, as {block_id: text}; Slack's client says so before the app is asked. */
export function problems(parent) {
  const found = {};
  for (const { block, controls: [made] } of slots(parent)) {
    if (block.type !== "input" || !made?.filled) continue;
    const text = made.filled() ? made.problem?.() : !block.optional && "Please complete this required field.";
    if (text) found[block.block_id] = text;
  }
  return found;
}

/** Texts that Slack does not have yet, as `fills`; resolves when those on their way have arrived. */
export async function unsent(parent) {
  const controls = slots(parent).flatMap((slot) => slot.controls);
  await Promise.all(controls.map((made) => made.settle?.()));
  return controls.map((made) => made.unsent?.()).filter(Boolean);
}

function slots(parent) {
  return [...parent.children].map((node) => live.get(node)).filter(Boolean);
}

function focusControl(made) {
  (made.focus || (() => made.face?.focus()))();
}

function keyOfBlock(block, at) {
  return block.block_id || `${block.type} ${at}`;
}

function make(block, ctx, at = 0) {
  const slot = { ctx, block, controls: [], key: keyOfBlock(block, at), definition: definition(block) };
  const node = (DRAWERS[block.type] || strange)(block, slot);
  node.classList.add("block");
  node.dataset.blockId = block.block_id || "";
  live.set(node, slot);
  refresh(slot, ctx);
  return node;
}

// A changed initial value is no change: Slack heeds it only where an id is new.
function definition(block) {
  return JSON.stringify(block, (key, value) => (key.startsWith("initial_") ? undefined : value));
}

function renewed(node, block, at, ctx) {
  const slot = node && live.get(node);
  const same = slot && slot.block.type === block.type;
  const sameNames = same && (slot.ctx.names === ctx.names || ["input", "actions"].includes(block.type));
  const known = same && slot.definition === definition(block);
  const sameField = same && block.type === "input" && definition(slot.block.element) === definition(block.element);
  if (same && sameNames && (known || sameField)) {
    Object.assign(slot, { block, definition: definition(block) });
    refresh(slot, ctx);
    return node;
  }
  const fresh = make(block, ctx, at);
  if (same) inherit(slot, live.get(fresh));
  return fresh;
}

function refresh(slot, ctx) {
  slot.ctx = ctx;
  slot.frame?.(slot.block, ctx);
  for (const made of slot.controls) made.refresh();
}

function inherit(slot, fresh) {
  for (const made of fresh.controls) {
    const before = slot.controls.find(({ element }) => element?.action_id === made.element?.action_id && element?.type === made.element?.type);
    if (before && made.adopt) made.adopt(before);
  }
}

function add(slot, element) {
  const made = control(element, slot.block, slot);
  slot.controls.push(made);
  return made;
}

function strange(block) {
  return unknown(block.type);
}

function section(block, slot) {
  const { names } = slot.ctx;
  const accessory = block.accessory && add(slot, block.accessory);
  return h("div", { class: "block-section" },
    h("div", { class: "section-body" },
      block.text && h("div", { class: "sl-text" }, textObject(block.text, names)),
      block.fields && h("div", { class: "fields" }, block.fields.map((field) => h("div", { class: "field sl-text" }, textObject(field, names))))),
    accessory && h("div", { class: "accessory" }, accessory.node));
}

function context(block, slot) {
  const parts = block.elements.map((element) =>
    element.type === "image" ? imagePlate(element, true) : h("span", { class: "sl-text" }, textObject(element, slot.ctx.names)));
  return h("div", { class: "block-context" }, parts);
}

function divider() {
  return h("hr", { class: "block-divider" });
}

function header(block, slot) {
  return h("h3", { class: "block-header" }, textObject(block.text, slot.ctx.names));
}

function actions(block, slot) {
  return h("div", { class: "block-actions" }, block.elements.map((element) => add(slot, element).node));
}

function image(block, slot) {
  const title = block.title && h("figcaption", {}, textObject(block.title, slot.ctx.names));
  return h("figure", { class: "block-image" }, title, imagePlate(block));
}

function rich(block, slot) {
  return h("div", { class: "block-rich sl-text" }, richText(block.elements, slot.ctx.names));
}

function input(block, slot) {
  const made = add(slot, block.element);
  const ids = { label: newId("label"), hint: newId("hint"), error: newId("error") };
  const isField = made.face?.matches("input, textarea");
  const label = h(isField ? "label" : "span", { class: "input-label", id: ids.label, for: isField ? made.face.id : null });
  const hint = h("p", { class: "input-hint", id: ids.hint });
  const error = h("p", { class: "input-error", id: ids.error });
  const node = h("div", { class: "block-input" }, label, made.node, error, hint);
  made.face?.removeAttribute("aria-label");
  made.face?.setAttribute("aria-labelledby", ids.label);
  slot.frame = (now, ctx) => {
    const wrong = ctx.errors?.[now.block_id] || "";
    label.replaceChildren(...textObject(now.label, ctx.names), ...(now.optional ? [h("span", { class: "input-optional" }, " (optional)")] : []));
    hint.replaceChildren(...textObject(now.hint, ctx.names));
    error.textContent = wrong;
    [hint.hidden, error.hidden] = [!now.hint, !wrong];
    node.classList.toggle("wrong", Boolean(wrong));
    describe(made.face, { invalid: Boolean(wrong), required: !now.optional, by: [wrong && ids.error, now.hint && ids.hint] });
  };
  return node;
}

function describe(face, { invalid, required, by }) {
  if (!face) return;
  const ids = by.filter(Boolean).join(" ");
  const wanted = { "aria-describedby": ids || null, "aria-invalid": invalid ? "true" : null };
  // A group of checkboxes has no word for "required".
  if (face.getAttribute("role") !== "group") wanted["aria-required"] = required ? "true" : null;
  for (const [name, value] of Object.entries(wanted)) {
    if (value === null) face.removeAttribute(name);
    else face.setAttribute(name, value);
  }
}
