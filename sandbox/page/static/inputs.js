// Text inputs: what is typed is the person's own, sent a moment later and never overwritten.

import { held, perform } from "./acting.js";
import { h } from "./dom.js";
import { newId } from "./overlay.js";

const PAUSE_MS = 300;
const MOST = 3000;
const TYPES = { plain_text_input: "text", email_text_input: "email", url_text_input: "url", number_input: "text" };

/** A control for a plain_text_input or one of its relatives. */
export function textInput(place) {
  const { block, element } = place;
  const box = draw(element);
  const counter = h("span", { class: "input-counter", id: newId("counter") });
  const hint = firesOn(place, "on_enter_pressed") && h("span", { class: "input-enter" }, "Press Enter to send");
  const node = h("div", { class: "input-box" }, box, h("div", { class: "input-foot" }, hint, counter));
  box.value = text(place);
  const typed = { sent: box.value, seen: box.value, timer: 0, flying: 0, underWay: Promise.resolve() };
  const send = (enter) => {
    clearTimeout(typed.timer);
    typed.timer = 0;
    if (!enter && box.value === typed.sent) return;
    typed.sent = box.value;
    typed.flying += 1;
    typed.underWay = perform(place, box, { do: "fill", text: box.value, enter }).finally(() => (typed.flying -= 1));
  };
  const changed = () => {
    count(box, counter, element);
    clearTimeout(typed.timer);
    typed.timer = setTimeout(() => box.isConnected && send(false), PAUSE_MS);
  };
  const control = {
    node,
    face: box,
    refresh: () => receive(place, box, typed, () => count(box, counter, element)),
    filled: () => box.value !== "",
    problem: () => lengthProblem(box.value, element),
    unsent: () => {
      typed.sent = box.value;
      return box.value === text(place) ? null : { block_id: block.block_id, action_id: element.action_id, text: box.value };
    },
    settle: () => {
      clearTimeout(typed.timer);
      typed.timer = 0;
      return typed.underWay;
    },
    adopt: (old) => {
      box.value = old.face.value;
      box.setSelectionRange?.(old.face.selectionStart, old.face.selectionEnd);
      if (box.value !== text(place)) changed();
    },
  };
  box.addEventListener("input", changed);
  box.addEventListener("blur", () => box.isConnected && send(false));
  box.addEventListener("keydown", (event) => onEnter(event, place, send));
  count(box, counter, element);
  return control;
}

function draw(element) {
  const shared = {
    class: "text-input", id: newId("input"), placeholder: element.placeholder?.text, autocomplete: "off",
    "data-autofocus": element.focus_on_load === true,
  };
  if (element.multiline) return h("textarea", { ...shared, rows: 4 });
  const mode = element.type === "number_input" ? (element.is_decimal_allowed ? "decimal" : "numeric") : null;
  return h("input", { ...shared, type: TYPES[element.type], inputmode: mode });
}

function text(place) {
  return String(held(place) ?? "");
}

// Only where Slack's value changes: what it said before may be older than what stands here.
function receive(place, box, typed, recount) {
  const now = text(place);
  if (now === typed.seen) return;
  typed.seen = now;
  if (typed.timer || typed.flying || document.activeElement === box || box.value !== typed.sent) return;
  box.value = typed.sent = now;
  recount();
}

function onEnter(event, place, send) {
  if (event.key !== "Enter" || event.isComposing) return;
  const long = event.target.tagName === "TEXTAREA";
  if (long && (event.ctrlKey || event.metaKey)) event.target.form?.requestSubmit();
  else if (!long && firesOn(place, "on_enter_pressed")) send(true);
  else return;
  event.preventDefault();
}

function firesOn({ block, element }, trigger) {
  if (block.type === "input" && !block.dispatch_action) return false;
  return (element.dispatch_action_config?.trigger_actions_on || ["on_enter_pressed"]).includes(trigger);
}

function count(box, counter, element) {
  const length = [...box.value].length;
  const { min_length: least = 0, max_length: most } = element;
  const short = length > 0 && length < least;
  counter.textContent = short ? `${length} of at least ${least}` : most && length ? `${length} / ${most}` : "";
  counter.classList.toggle("wrong", short || length > (most || MOST));
}

function lengthProblem(value, element) {
  const length = [...value].length;
  const { min_length: least = 0, max_length: most } = element;
  if (length && length < least) return `Please enter at least ${least} characters.`;
  if (length > (most || MOST)) return `Please enter at most ${most || MOST} characters.`;
  return "";
}
