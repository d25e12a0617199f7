// The list that opens over the composer after a "/": which commands there are, and lines to begin with.

import { h } from "./dom.js";

/** The rows for a text that is still being typed: `{line, hint, about, whole}`; none once a command stands. */
export function rowsFor(text, commands) {
  if (!/^\/\S*$/.test(text)) return [];
  return commands.filter(({ command }) => command.startsWith(text)).flatMap((row) => [
    { line: `${row.command} `, shown: row.command, hint: row.usage_hint, about: row.description },
    ...examplesOf(row).map((line) => ({ line, shown: line, example: true })),
  ]);
}

/** The command whose line this is, where its name is already typed in full. */
export function commandOf(text, commands) {
  return commands.find(({ command }) => text === command || text.startsWith(`${command} `)) || null;
}

/** A list box over a text field; `take(line)` is called with the row that was picked. */
export function commandList(field, take) {
  // A press must not take the focus out of the field, or the phone's keyboard closes.
  const hold = (event) => event.preventDefault();
  const list = h("ul", { id: "command-list", role: "listbox", "aria-label": "Commands", tabindex: "0", hidden: true, onmousedown: hold });
  const state = { rows: [], at: -1 };
  const mark = (at) => {
    state.at = at;
    [...list.children].forEach((node, index) => node.setAttribute("aria-selected", String(index === at)));
    list.children[at]?.scrollIntoView({ block: "nearest" });
    if (at >= 0) field.setAttribute("aria-activedescendant", `command-${at}`);
    else field.removeAttribute("aria-activedescendant");
  };
  const close = () => {
    state.rows = [];
    list.hidden = true;
    mark(-1);
  };
  const open = (rows, first) => {
    if (!rows.length) return close();
    state.rows = rows;
    list.replaceChildren(...rows.map((row, at) => drawRow(row, at, () => take(row.line))));
    list.hidden = false;
    list.scrollTop = 0;
    mark(first);
  };
  const key = (event) => {
    if (list.hidden) return false;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    const from = event.key === "ArrowUp" ? Math.max(state.at, 0) : state.at;
    if (event.key in steps) mark((from + steps[event.key] + state.rows.length) % state.rows.length);
    else if (event.key === "Escape") close();
    else if (event.key === "Tab" && !event.shiftKey) take(state.rows[Math.max(state.at, 0)].line);
    else if (event.key === "Enter" && state.at >= 0) take(state.rows[state.at].line);
    else return false;
    return true;
  };
  return { list, open, close, key };
}

function drawRow(row, at, take) {
  const props = { id: `command-${at}`, role: "option", class: row.example ? "example" : "command", onclick: take };
  return h("li", props,
    h("span", { class: "command-line" }, row.shown, row.hint && h("span", { class: "command-hint" }, ` ${row.hint}`)),
    row.about && h("span", { class: "command-about" }, row.about));
}

function examplesOf({ command, examples }) {
  const whole = examples.map((example) => (example.startsWith("/") ? example : `${command} ${example}`));
  return [...new Set(whole)].filter((line) => line !== command);
}
