// The list below a menu: one option is active, arrows move, Enter takes; it floats above everything.

import { h } from "./dom.js";
import { textObject } from "./mrkdwn.js";
import { newId } from "./overlay.js";

const GAP_PX = 4;
const MOST_PX = 320;
const LEAST_WIDTH_PX = 260;
const FRAME_PX = 14;

/** A list that belongs to `box`. */
export class Listbox {
  /** `tools`: {names(), onPick(option), isChosen(option)}. */
  constructor(box, tools) {
    this.box = box;
    this.tools = tools;
    this.rows = [];
    this.active = -1;
    this.old = false;
    this.list = h("div", { role: "listbox", id: newId("list"), class: "menu-list", "aria-label": "Options" });
    this.note = h("p", { class: "menu-note", role: "status", hidden: true });
    this.pop = h("div", { class: "menu-pop", popover: "manual" }, this.list, this.note);
    this.move = () => (this.isOpen() ? place(this.pop, box) : this.unlisten());
    // The focus stays in the field, which is what the list is worked from.
    this.pop.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  /** Whether it is on the screen. */
  isOpen() {
    return this.pop.isConnected;
  }

  /** Say that options are on their way; what is shown meanwhile can't be taken. */
  wait(text) {
    this.open();
    this.old = true;
    if (!this.rows.length) this.tell(text);
    this.list.classList.add("old");
    this.move();
  }

  /** Show options in groups of {label, options}; `nothing` is said where there are none. */
  show(groups, nothing) {
    this.open();
    this.old = false;
    this.list.classList.remove("old");
    this.rows = [];
    this.list.replaceChildren(...groups.map((group) => drawGroup(group, this)));
    this.tell(this.rows.length ? "" : nothing);
    this.activate(Math.max(0, this.rows.findIndex(({ option }) => this.tools.isChosen(option))));
    this.move();
  }

  /** Take it off the screen. */
  close() {
    if (!this.isOpen()) return;
    this.unlisten();
    this.pop.remove();
    this.rows = [];
    this.box.setAttribute("aria-expanded", "false");
    for (const name of ["aria-controls", "aria-activedescendant"]) this.box.removeAttribute(name);
  }

  /** Do what a key means here; whether it means something. */
  onKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const count = this.rows.length;
    if (!this.isOpen()) return false;
    if (step && count) this.activate((this.active + step + count) % count);
    else if (event.key === "Enter") this.take();
    else if (event.key === "Escape") {
      event.stopPropagation();
      this.close();
    } else return Boolean(step);
    return true;
  }

  take() {
    const row = this.rows[this.active];
    if (row && !this.old) this.tools.onPick(row.option);
  }

  activate(at) {
    this.rows[this.active]?.node.classList.remove("active");
    this.active = at;
    const row = this.rows[at];
    if (!row) return this.box.removeAttribute("aria-activedescendant");
    row.node.classList.add("active");
    row.node.scrollIntoView({ block: "nearest" });
    this.box.setAttribute("aria-activedescendant", row.node.id);
  }

  open() {
    if (this.isOpen()) return;
    this.box.parentElement.append(this.pop);
    this.pop.showPopover();
    this.box.setAttribute("aria-expanded", "true");
    this.box.setAttribute("aria-controls", this.list.id);
    addEventListener("scroll", this.move, true);
    addEventListener("resize", this.move);
  }

  unlisten() {
    removeEventListener("scroll", this.move, true);
    removeEventListener("resize", this.move);
  }

  tell(text) {
    this.note.textContent = text;
    this.note.hidden = !text;
    this.list.hidden = Boolean(text);
  }
}

function drawGroup({ label, options }, box) {
  const rows = options.map((option) => drawOption(option, box));
  if (!label) return h("div", { role: "presentation" }, rows);
  const id = newId("group");
  return h("div", { role: "group", "aria-labelledby": id }, h("div", { class: "menu-group", id }, textObject(label, box.tools.names())), rows);
}

function drawOption(option, box) {
  const at = box.rows.length;
  const names = box.tools.names();
  const node = h("div", {
    role: "option", class: "menu-option", id: newId("option"), "aria-selected": String(box.tools.isChosen(option)), "data-value": option.value,
    onpointermove: () => box.active === at || box.activate(at),
    onclick: () => box.old || box.tools.onPick(option),
  }, h("span", { class: "menu-text" }, textObject(option.text, names)),
  option.description && h("span", { class: "menu-about" }, textObject(option.description, names)));
  box.rows.push({ option, node });
  return node;
}

function place(pop, box) {
  const field = (box.closest(".menu") || box).getBoundingClientRect();
  const width = Math.min(Math.max(field.width, LEAST_WIDTH_PX), innerWidth - 2 * GAP_PX);
  const [above, below] = [field.top - 2 * GAP_PX, innerHeight - field.bottom - 2 * GAP_PX];
  const list = pop.firstElementChild;
  const upwards = below < Math.min(MOST_PX, list.scrollHeight + FRAME_PX) && above > below;
  list.style.maxHeight = `${Math.min(MOST_PX, upwards ? above : below) - FRAME_PX}px`;
  Object.assign(pop.style, {
    width: `${width}px`,
    left: `${Math.max(GAP_PX, Math.min(field.left, innerWidth - width - GAP_PX))}px`,
    top: upwards ? "auto" : `${field.bottom + GAP_PX}px`,
    bottom: upwards ? `${innerHeight - field.top + GAP_PX}px` : "auto",
  });
}
