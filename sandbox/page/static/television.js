// What is on a viewer's television: the match, the slate, or nothing.

import { svg } from "./dom.js";

/** The size that the scenes are drawn in. */
export const SCREEN = { width: 116, height: 72 };

/** What viewers see, in words. */
export const SEEN = { live: "the live picture", slate: "the slate", black: "black" };

/** The SVG nodes of what viewers see: "live", "slate" or "black". */
export function screen(viewers) {
  return { live: liveScene, slate: slateScene, black: blackScene }[viewers]();
}

function liveScene() {
  const lamp = (x) => [
    svg("path", { class: "pic-mast", d: `M${x} 31 V14` }),
    svg("rect", { class: "pic-lamp", x: x - 6, y: 9, width: 12, height: 5, rx: 1 }),
  ];
  const player = (x, y, kind) =>
    svg(
      "g",
      { class: `pic-player ${kind}` },
      svg("circle", { cx: x, cy: y - 8, r: 2.4 }),
      svg("rect", { x: x - 2.6, y: y - 5.5, width: 5.2, height: 7, rx: 2 }),
    );
  return [
    svg("rect", { class: "pic-sky", width: 116, height: 40 }),
    svg("rect", { class: "pic-crowd", y: 22, width: 116, height: 12 }),
    svg("path", { class: "pic-heads", d: "M0 24 H116 M3 29 H116" }),
    lamp(16),
    lamp(100),
    svg("rect", { class: "pic-grass", y: 33, width: 116, height: 39 }),
    svg("path", {
      class: "pic-mown",
      d: "M14 72 L30 33 H44 L36 72 Z M60 72 L58 33 H72 L84 72 Z M108 72 L88 33 H102 L116 60 V72 Z",
    }),
    svg("path", { class: "pic-chalk", d: "M0 36 H116 M58 36 V72" }),
    svg("ellipse", { class: "pic-chalk", cx: 58, cy: 54, rx: 19, ry: 8 }),
    player(30, 56, "home"),
    player(84, 51, "away"),
    player(67, 66, "home"),
    svg("g", { class: "pic-ball-x" }, svg("circle", { class: "pic-ball", cx: 0, cy: 57, r: 2.8 })),
    svg("rect", { class: "pic-live", x: 5, y: 5, width: 27, height: 12, rx: 3 }),
    svg("text", { class: "pic-live-word", x: 18.5, y: 14, "text-anchor": "middle" }, "LIVE"),
  ];
}

function slateScene() {
  return [
    [1, 2, 3, 4, 5, 6, 7].map((n) => svg("rect", { class: `pic-bar${n}`, x: (n - 1) * 16.58, width: 17, height: 72 })),
    svg("rect", { class: "pic-note", x: 26, y: 24, width: 64, height: 24, rx: 3 }),
    svg("text", { class: "pic-note-word", x: 58, y: 40.5, "text-anchor": "middle" }, "slate"),
  ];
}

function blackScene() {
  return [
    svg("rect", { class: "pic-night", width: 116, height: 72 }),
    svg("text", { class: "pic-night-word", x: 58, y: 40, "text-anchor": "middle" }, "no signal"),
  ];
}
