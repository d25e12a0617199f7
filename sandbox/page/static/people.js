// Whose eyes the page looks through: a button with the person, and a menu of everybody else.

import { h, keep } from "./dom.js";
import { avatar, icon } from "./icons.js";
import { act, get, person, watch } from "./store.js";
import { toast } from "./toast.js";

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

/** Draw the switcher; choosing somebody sends `failover:person`. */
export function mountPeople(root) {
  const menu = h("div", { id: "who-menu", role: "menu", "aria-label": "Look through the eyes of", hidden: true });
  const button = h("button", { type: "button", id: "who", "aria-haspopup": "menu", "aria-expanded": "false", "aria-controls": "who-menu" });
  root.append(menu, button);
  const set = (open) => {
    menu.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
  };
  const close = () => {
    if (menu.hidden) return;
    set(false);
    button.focus();
  };
  const open = () => {
    set(true);
    (menu.querySelector("[aria-checked=true]") || menu.querySelector("button"))?.focus();
  };
  button.addEventListener("click", () => (menu.hidden ? open() : close()));
  button.addEventListener("keydown", (event) => {
    if (event.key in STEPS) {
      event.preventDefault();
      open();
    }
  });
  menu.addEventListener("keydown", (event) => walk(event, menu, close));
  document.addEventListener("pointerdown", (event) => root.contains(event.target) || set(false));
  root.addEventListener("focusout", (event) => event.relatedTarget && !root.contains(event.relatedTarget) && set(false));
  const draw = () => drawPeople(button, menu, close);
  watch(["people"], draw);
  draw();
}

function drawPeople(button, menu, close) {
  const people = get("people");
  if (!people) return;
  const now = people.find(({ id }) => id === person);
  keep(button, now ? [now] : [], { key: ({ id }) => id, version: JSON.stringify, make: drawNow });
  const items = people.map((one) => ({ ...one, now: one.id === person }));
  const become = (id) => {
    close();
    if (id !== person) document.dispatchEvent(new CustomEvent("failover:person", { detail: { id } }));
  };
  const reload = () => {
    close();
    act({ do: "reload" }).catch((error) => toast(error.message, "bad"));
  };
  keep(menu, [...items, { id: "reload" }], {
    key: ({ id }) => id,
    version: JSON.stringify,
    make: (item) => (item.id === "reload" ? drawReload(reload) : drawPerson(item, become)),
  });
}

function drawNow({ id, name, role, via }) {
  return h("span", { class: "who-now" },
    avatar(id, name),
    h("span", { class: "who-text" },
      h("span", { class: "visually-hidden" }, "You are "),
      h("span", { class: "who-name" }, name),
      h("span", { class: "who-role" }, roleName(role), via && h("span", { class: "who-via" }, ` through ${via}`))),
    icon("chevron"));
}

function drawPerson({ id, name, role, via, about, now }, become) {
  return h("button", { type: "button", role: "menuitemradio", "aria-checked": String(now), tabindex: "-1", onclick: () => become(id) },
    avatar(id, name),
    h("span", { class: "who-text" },
      h("span", { class: "who-name" }, name, h("span", { class: "role" }, roleName(role))),
      h("span", { class: "who-about" }, [via && `through ${via}`, about].filter(Boolean).join(", "))),
    now && icon("check"));
}

function roleName(role) {
  return role === "none" ? "no role" : role;
}

function drawReload(reload) {
  return h("button", { type: "button", role: "menuitem", class: "menu-reload", tabindex: "-1", onclick: reload },
    "Restart this person's Slack", h("span", { class: "who-about" }, "what only they could see is gone then"));
}

function walk(event, menu, close) {
  const items = [...menu.children];
  const at = items.indexOf(document.activeElement);
  const ends = { Home: 0, End: items.length - 1 };
  if (event.key in STEPS) items[(at + STEPS[event.key] + items.length) % items.length].focus();
  else if (event.key in ends) items[ends[event.key]].focus();
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}
