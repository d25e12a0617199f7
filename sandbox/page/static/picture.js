// One failover group as a picture: who could serve, who does, and what that puts on a viewer's television.

import { svg } from "./dom.js";
import { SCREEN, SEEN, screen } from "./television.js";

const WIDTH = 360;
const BOX = { x: 2, top: 30, width: 160, height: 58, pitch: 70 };
const SLATE_HEIGHT = 34;
const RIGHT = { x: 232, width: 126 };
const CHANNEL_HEIGHT = 22;
const MOST_CHANNELS = 3;
const TV_HEIGHT = 82;
const GLIDE_MS = 700;

// A redraw in the middle of a glide goes on with it, so that two quick changes don't make the line jump.
const gliding = new Map();
let pictures = 0;

/** A group's Live Slicers in the order in which they would serve. */
export function inOrder(group) {
  return group.mode === "flat" ? group.slicers : [...group.slicers].sort((a, b) => a.order - b.order);
}

/** Who takes over if the active Live Slicer dies now: one in prioritized mode, in flat mode any of these. */
export function nextInLine(group) {
  const active = group.slicers.find((one) => one.slicer_id === group.active_slicer_id);
  const fit = inOrder(group).filter((one) => one.enabled && one.healthy && one !== active);
  if (group.mode === "flat") return fit;
  const later = fit.filter((one) => active && one.order > active.order);
  return (later.length ? later : fit).slice(0, 1);
}

/** The picture in one sentence. */
export function sentence(group) {
  const active = group.active_slicer_id;
  const names = nextInLine(group).map((one) => one.slicer_id);
  const next =
    names.length > 4 ? `one of ${names.length} at random` : names.length > 1 ? `${names.join(" or ")}, at random` : names[0];
  const seen = `viewers see ${SEEN[group.viewers]}`;
  if (group.on_slate) return `No Live Slicer serves; ${seen}`;
  if (group.viewers === "black")
    return `${active} is active but down; ${next ? `next in line: ${next}` : "nobody can take over"}; ${seen}`;
  return `${active} serves; ${next ? `next in line: ${next}` : "nobody could take over"}; ${seen}`;
}

/** Where things are drawn: {width, height, slots: [{slicer, y}]}, y being the top of the slicer's box. */
export function layout(group) {
  const slots = inOrder(group).map((slicer, at) => ({ slicer, y: BOX.top + at * BOX.pitch }));
  const slate = BOX.top + slots.length * BOX.pitch;
  const channels = 8 + CHANNEL_HEIGHT * Math.max(1, Math.min(MOST_CHANNELS, group.channels.length));
  const right = 20 + channels + 26 + TV_HEIGHT + 50;
  const height = Math.max(slate + SLATE_HEIGHT + 4, right);
  const top = Math.round((height - right) / 2) + 20;
  return { width: WIDTH, height, slots, slate, channels: { y: top, height: channels }, tv: top + channels + 26 };
}

/** Draw a group as an SVG; `previous` is the same group as last drawn, or null, and makes what changed move. */
export function picture(group, previous) {
  const place = layout(group);
  const id = `picture-${++pictures}`;
  const motion = moving(group, previous, place);
  const sides = { flat: group.mode === "flat", next: nextInLine(group) };
  const drawn = svg(
    "svg",
    { class: `picture sees-${group.viewers}`, viewBox: `0 0 ${WIDTH} ${place.height}`, role: "img", "aria-labelledby": id },
    svg("title", { id }, sentence(group)),
    svg("text", { class: "pic-head", x: BOX.x + 2, y: 13 }, sides.flat ? "any of them, at random" : "in this order"),
    place.slots
      .filter(({ slicer }) => slicer.enabled && slicer.healthy)
      .map(({ y }) => svg("path", { class: "pic-spare", d: curve(y + BOX.height / 2, place) })),
    line(group, place, motion),
    place.slots.map(({ slicer, y }, at) => box(group, slicer, { y, at, ...sides })),
    slateBox(group, place.slate),
    channelBox(group.channels, place.channels),
    television(group, place.tv, motion),
  );
  if (motion) glide(drawn, group, place, motion);
  return drawn;
}

function moving(group, previous, place) {
  const changed = previous && (previous.active_slicer_id !== group.active_slicer_id || previous.viewers !== group.viewers);
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return null;
  if (changed) gliding.set(group.id, { from: sourceY(previous, place), start: performance.now() });
  const motion = gliding.get(group.id);
  return motion && performance.now() - motion.start < GLIDE_MS ? motion : null;
}

function glide(drawn, group, place, motion) {
  const to = sourceY(group, place);
  const paths = drawn.querySelectorAll(".pic-line, .pic-flow");
  const step = () => {
    const part = Math.min(1, (performance.now() - motion.start) / GLIDE_MS);
    const eased = part < 0.5 ? 4 * part ** 3 : 1 - (2 - 2 * part) ** 3 / 2;
    const y = motion.from + (to - motion.from) * eased;
    for (const path of paths) path.setAttribute("d", curve(y, place));
    if (part < 1 && drawn.isConnected) requestAnimationFrame(step);
    else if (part === 1 && gliding.get(group.id) === motion) gliding.delete(group.id);
  };
  requestAnimationFrame(step);
}

function sourceY(group, place) {
  const slot = place.slots.find(({ slicer }) => slicer.slicer_id === group.active_slicer_id);
  return slot ? slot.y + BOX.height / 2 : place.slate + SLATE_HEIGHT / 2;
}

function curve(y, place) {
  const end = place.channels.y + place.channels.height / 2;
  const [from, to] = [BOX.x + BOX.width, RIGHT.x];
  return `M${from} ${y.toFixed(1)} C${from + 40} ${y.toFixed(1)} ${to - 40} ${end} ${to} ${end}`;
}

function line(group, place, motion) {
  const d = curve(motion ? motion.from : sourceY(group, place), place);
  const [x, y] = [RIGHT.x + RIGHT.width / 2, place.channels.y + place.channels.height];
  const down = `M${x} ${y} V${place.tv}`;
  return svg(
    "g",
    {},
    [d, down].map((one, at) => [
      svg("path", { class: at ? "pic-down" : "pic-line", d: one }),
      group.viewers === "black" ? null : svg("path", { class: at ? "pic-flow-down" : "pic-flow", d: one }),
    ]),
    group.viewers === "black"
      ? svg(
          "g",
          { class: "pic-cut" },
          svg("circle", { cx: x, cy: y + 13, r: 9 }),
          svg("path", { d: `M${x - 4} ${y + 9} l8 8 m0 -8 l-8 8` }),
        )
      : null,
  );
}

function box(group, slicer, { y, at, flat, next }) {
  const active = slicer.slicer_id === group.active_slicer_id;
  const mark = !slicer.enabled
    ? "not eligible"
    : active
      ? slicer.healthy
        ? "serving"
        : "active, down"
      : !flat && next.includes(slicer) && !group.on_slate
        ? "next"
        : "";
  const kind = [active ? "active" : "", slicer.healthy ? "" : "down", slicer.enabled ? "" : "out"].join(" ");
  return svg(
    "g",
    { class: `pic-box ${kind}` },
    svg("rect", { class: "pic-plate", x: BOX.x, y, width: BOX.width, height: BOX.height, rx: 9 }),
    badge(flat, at + 1, y),
    words(slicer.slicer_id, { x: BOX.x + 34, y: y + 6, width: BOX.width - 40, most: 17, kind: "pic-name" }),
    health(slicer, y + 41),
    mark ? pill(mark, active ? "active" : slicer.enabled ? "next" : "out", y) : null,
  );
}

function badge(flat, number, y) {
  const [x, middle] = [BOX.x + 19, y + 18];
  const shuffle = `M${x - 6} ${middle - 4} h2.5 l7 8 h2.5 m-2.5 -2.5 l2.5 2.5 l-2.5 2.5 M${x - 6} ${middle + 4} h2.5 l7 -8 h2.5 m-2.5 -2.5 l2.5 2.5 l-2.5 2.5`;
  return svg(
    "g",
    { class: "pic-badge" },
    svg("circle", { cx: x, cy: middle, r: 10.5 }),
    flat ? svg("path", { d: shuffle }) : svg("text", { x, y: middle + 4.5, "text-anchor": "middle" }, number),
  );
}

function health(slicer, y) {
  const x = BOX.x + 19;
  const shape = slicer.healthy
    ? [svg("circle", { cx: x, cy: y, r: 6.5 }), svg("path", { d: `M${x - 3} ${y} l2.2 2.4 l4 -4.6` })]
    : [
        svg("path", { class: "pic-alarm", d: `M${x} ${y - 8} l8.5 15 h-17 z` }),
        svg("path", { d: `M${x} ${y - 2.5} v4 m0 2.4 v.4` }),
      ];
  return svg("g", { class: "pic-health" }, shape, svg("text", { x: x + 15, y: y + 4.5 }, slicer.healthy ? "healthy" : "down"));
}

function pill(text, kind, y) {
  const width = text.length * 6.1 + 14;
  const x = BOX.x + BOX.width - width - 8;
  return svg(
    "g",
    { class: `pic-pill ${kind}` },
    svg("rect", { x, y: y - 9, width, height: 17, rx: 8.5 }),
    svg("text", { x: x + width / 2, y: y + 3.5, "text-anchor": "middle" }, text),
  );
}

function words(text, { x, y, width, most, kind }) {
  const letters = [...text.replace(/\s+/g, " ")];
  const short = letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : letters.join("");
  const shown = svg("text", { class: kind, x: 0, y: 16 }, short === text ? null : svg("title", {}, text), short);
  return svg("svg", { x, y, width, height: 22 }, shown);
}

function slateBox(group, y) {
  const colours = [1, 2, 3, 4, 5, 6, 7].map((n) =>
    svg("rect", { class: `pic-bar${n}`, x: BOX.x + 9 + (n - 1) * 4, y: y + 9, width: 4, height: 16 }),
  );
  return svg(
    "g",
    { class: group.on_slate ? "pic-box active slate" : "pic-box idle slate" },
    svg("rect", { class: "pic-plate", x: BOX.x, y, width: BOX.width, height: SLATE_HEIGHT, rx: 9 }),
    colours,
    svg("text", { class: "pic-slate", x: BOX.x + 46, y: y + 21.5 }, group.on_slate ? "slate is on" : "slate"),
    group.on_slate ? pill("serving", "active", y) : null,
  );
}

function channelBox(channels, { y, height }) {
  const shown = channels.length > MOST_CHANNELS ? channels.slice(0, MOST_CHANNELS - 1) : channels;
  const rest = channels.length - shown.length;
  const row = (text, at, kind) =>
    words(text, { x: RIGHT.x + 26, y: y + 2 + at * CHANNEL_HEIGHT, width: RIGHT.width - 30, most: 15, kind });
  return svg(
    "g",
    { class: "pic-channels" },
    svg("text", { class: "pic-head", x: RIGHT.x + 2, y: y - 7 }, channels.length === 1 ? "channel" : "channels"),
    svg("rect", { class: "pic-plate", x: RIGHT.x, y, width: RIGHT.width, height, rx: 9 }),
    shown.map((one, at) => [
      svg("path", { class: "pic-wave", d: `M${RIGHT.x + 9} ${y + 19 + at * CHANNEL_HEIGHT} v-4 m4 4 v-8 m4 8 v-5` }),
      row(one.id, at, "pic-channel"),
    ]),
    rest ? row(`+ ${rest} more`, shown.length, "pic-more") : null,
    channels.length ? null : row("none", 0, "pic-more"),
  );
}

function television(group, y, motion) {
  const shown = svg(
    "svg",
    {
      x: RIGHT.x + 5,
      y: y + 5,
      width: RIGHT.width - 10,
      height: TV_HEIGHT - 10,
      viewBox: `0 0 ${SCREEN.width} ${SCREEN.height}`,
    },
    screen(group.viewers),
  );
  if (motion) {
    const flash = svg("rect", { class: "pic-flicker", ...SCREEN });
    flash.style.animationDelay = `${motion.start - performance.now()}ms`;
    shown.append(flash);
  }
  const middle = RIGHT.x + RIGHT.width / 2;
  return svg(
    "g",
    {},
    svg("path", { class: "pic-stand", d: `M${middle - 22} ${y + TV_HEIGHT + 9} h44 M${middle} ${y + TV_HEIGHT} v9` }),
    svg("rect", { class: "pic-tv", x: RIGHT.x, y, width: RIGHT.width, height: TV_HEIGHT, rx: 8 }),
    shown,
    svg("text", { class: "pic-head", x: middle, y: y + TV_HEIGHT + 28, "text-anchor": "middle" }, "viewers see"),
    svg("text", { class: "pic-seen", x: middle, y: y + TV_HEIGHT + 45, "text-anchor": "middle" }, SEEN[group.viewers]),
  );
}
