// The few pictures of the page, drawn by ourselves, and the plates that stand for faces.

import { h, svg } from "./dom.js";

const STROKES = {
  lock: ["M5 9h10v8H5z", "M7 9V6.5a3 3 0 0 1 6 0V9"],
  eye: ["M2 10s3-5.5 8-5.5S18 10 18 10s-3 5.5-8 5.5S2 10 2 10z", "M12.3 10a2.3 2.3 0 1 1-4.6 0 2.3 2.3 0 0 1 4.6 0z"],
  send: ["M3 4l14 6-14 6 2.5-6z", "M5.5 10H11"],
  menu: ["M3 5.5h14", "M3 10h14", "M3 14.5h14"],
  close: ["M5 5l10 10", "M15 5L5 15"],
  down: ["M10 4v11", "M5.5 10.5L10 15l4.5-4.5"],
  chevron: ["M6 12l4-4 4 4"],
  check: ["M4.5 10.5l3.5 3.5 7.5-8"],
  chat: ["M3 4.5h14v9H9l-4 3v-3H3z"],
  signal: ["M10 10v7", "M6.5 13a5 5 0 1 1 7 0", "M4 15.5a8.5 8.5 0 1 1 12 0"],
  wire: ["M3 7h11", "M11 4l3 3-3 3", "M17 13H6", "M9 10l-3 3 3 3"],
  guide: ["M10 5.5C8 4 5.5 3.8 3 4v11.5c2.5-.2 5 0 7 1.5 2-1.5 4.5-1.700 7-1.5V4c-2.5-.2-5 0-7 1.5z", "M10 5.5V17"],
  fault: ["M10 3l7.5 13.5h-15z", "M10 8v4", "M10 14.2v.1"],
  switchover: ["M3 14h3.5c3 0 3.5-8 6.5-8H17", "M14.5 3.5L17 6l-2.5 2.5", "M3 6h2.5", "M14 14h3"],
};

/** One of the pictures, as decoration that says nothing to a screen reader. */
export function icon(name) {
  const paths = STROKES[name].map((d) => svg("path", { d }));
  return svg("svg", { class: "icon", viewBox: "0 0 20 20", "aria-hidden": "true" }, paths);
}

/** The plate beside somebody's name: initials on a colour of their own, or the app's sign. */
export function avatar(id, name, bot) {
  if (id === "USLACKBOT") return h("span", { class: "avatar avatar-fault", "aria-hidden": "true" }, icon("fault"));
  if (id === bot) return h("span", { class: "avatar avatar-bot", "aria-hidden": "true" }, icon("switchover"));
  const sum = [...id].reduce((total, letter) => (total * 19 + letter.codePointAt(0)) % 997, 7);
  return h("span", { class: `avatar plate-${(sum % 6) + 1}`, "aria-hidden": "true" }, [...name][0]?.toUpperCase() || "?");
}
