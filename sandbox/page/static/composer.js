// Where a person writes: messages and commands, with what they wrote before within reach.

import { commandList, commandOf, rowsFor } from "./commands.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { go, here, onPlace } from "./place.js";
import { act, get, watch } from "./store.js";
import { toast } from "./toast.js";

const REMEMBERED = 50;
const KEYS = "Enter sends, Shift + Enter begins a new line, / shows the commands";
const drafts = new Map();
const sent = JSON.parse(sessionStorage.getItem("sent") || "[]");

/** Fill the form: a field that grows, the command list over it, a hint under it. */
export function mountComposer(root) {
  const parts = build(root);
  const { field, commands } = parts;
  const state = { place: "", busy: false, back: sent.length };
  const changed = () => redraw(parts, state);
  field.addEventListener("input", () => {
    state.back = sent.length;
    parts.status.textContent = "";
    changed();
  });
  field.addEventListener("blur", () => commands.close());
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (commands.key(event) || recall(event, parts, state)) event.preventDefault();
    else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      root.requestSubmit();
    }
  });
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    send(parts, state);
  });
  document.addEventListener("failover:prefill", ({ detail }) => {
    if (detail.channel) go(detail.channel);
    put(field, detail.text, true);
  });
  const move = () => arrive(root, parts, state);
  watch(["channels", "names"], move);
  onPlace(move);
}

function build(root) {
  const field = h("textarea", {
    id: "line", rows: "1", autocomplete: "off", autocapitalize: "off", spellcheck: "false", enterkeyhint: "send",
    "aria-autocomplete": "list", "aria-controls": "command-list", "aria-describedby": "hint",
  });
  const commands = commandList(field, (line) => put(field, line, true));
  const slash = h("button", {
    type: "button", class: "icon-button slash", "aria-label": "Show commands", title: "Commands",
    onmousedown: (event) => event.preventDefault(), onclick: () => put(field, field.value || "/", true),
  }, h("span", { "aria-hidden": "true" }, "/"));
  const button = h("button", { type: "submit", class: "send", "aria-label": "Send", title: "Send" }, icon("send"));
  const hint = h("p", { id: "hint" });
  const state = h("span", { class: "sending", role: "status" });
  root.append(
    commands.list,
    h("div", { class: "box" },
      h("label", { class: "visually-hidden", for: "line" }, "Message"), field,
      h("div", { class: "box-foot" }, slash, state, button)),
    hint,
    h("p", { class: "read-only" }, "Messages to this app are turned off. Its command works in every channel."));
  return { field, commands, button, hint, status: state, label: root.querySelector("label") };
}

function arrive(root, parts, state) {
  const { home, channel } = here();
  root.hidden = home;
  if (!channel || home) return;
  const name = channel.kind === "dm" ? get("names")?.people[get("names").bot] || "Failover" : `#${channel.name}`;
  parts.label.textContent = `Message ${name}`;
  parts.field.placeholder = `Message ${name}`;
  root.classList.toggle("closed", Boolean(channel.read_only));
  if (state.place === channel.id) return;
  state.place = channel.id;
  state.back = sent.length;
  parts.field.value = drafts.get(channel.id) || "";
  redraw(parts, state);
}

function redraw({ field, commands, button, hint }, state) {
  const known = get("commands") || [];
  const text = field.value;
  if (state.place) drafts.set(state.place, text);
  const rows = document.activeElement === field && !state.busy ? rowsFor(text, known) : [];
  commands.open(rows, commandOf(text, known) ? -1 : 0);
  const command = rows.length ? null : commandOf(text, known);
  hint.replaceChildren(...(command ? [h("code", {}, command.command), ` ${command.usage_hint}`] : [KEYS]));
  hint.classList.toggle("usage", Boolean(command));
  button.disabled = state.busy || !text.trim();
  grow(field);
}

function grow(field) {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}

function put(field, text, focus) {
  field.value = text;
  if (focus) field.focus();
  field.setSelectionRange(text.length, text.length);
  field.dispatchEvent(new Event("input"));
}

function recall(event, { field, commands }, state) {
  const back = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const untouched = field.value === "" || field.value === sent[state.back];
  const at = state.back + back;
  if (!back || !untouched || at < 0 || at > sent.length || (back > 0 && field.value === "")) return false;
  put(field, sent[at] || "", false);
  commands.close();
  state.back = at;
  return true;
}

function remember(line) {
  if (sent.at(-1) !== line) sent.push(line);
  if (sent.length > REMEMBERED) sent.shift();
  sessionStorage.setItem("sent", JSON.stringify(sent));
}

async function send(parts, state) {
  const { field, status } = parts;
  const line = field.value.trim();
  const place = state.place;
  if (!line || state.busy || !place) return;
  remember(line);
  wait(parts, state, true);
  try {
    const answer = await act({ do: "type", line, channel: place });
    if (answer.ok) drafts.delete(place);
    if (answer.ok && state.place === place) field.value = "";
    status.textContent = answer.ok ? "" : "Not answered. Your line is still here.";
  } catch (error) {
    status.textContent = "";
    toast(error.message, "bad");
  }
  state.back = sent.length;
  wait(parts, state, false);
}

function wait(parts, state, busy) {
  const { field, status, button } = parts;
  state.busy = busy;
  field.readOnly = busy;
  field.closest(".box").classList.toggle("busy", busy);
  button.setAttribute("aria-label", busy ? "Sending" : "Send");
  if (busy) status.textContent = "Sending…";
  redraw(parts, state);
}
