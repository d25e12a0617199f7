// The messages of the channel in front: drawn anew only where they changed, and kept in view at the bottom.

import { h, keep } from "./dom.js";
import { icon } from "./icons.js";
import { drawLine, lines } from "./message.js";
import { go, here, markRead, messagesOf, onPlace } from "./place.js";
import { get, person, watch } from "./store.js";

const NEAR_PX = 60;

/** Fill the log; it follows new messages while the reader is at its end, and offers a way there otherwise. */
export function mountConversation(root) {
  const [intro, list] = [root.querySelector("#intro"), root.querySelector("#messages")];
  const versions = new Map();
  const reader = { place: "", atEnd: true, newest: 0, newestTs: "0", read: 0 };
  const toEnd = () => {
    root.scrollTop = root.scrollHeight;
  };
  const jump = () => {
    toEnd();
    root.focus();
  };
  const newer = h("button", { type: "button", id: "newer", hidden: true, onclick: jump }, icon("down"), "New messages");
  root.after(newer);
  const settle = () => {
    const { home, channel } = here();
    if (!channel || home || !root.clientHeight) return;
    newer.hidden = reader.atEnd || reader.newest <= reader.read;
    if (!reader.atEnd) return;
    toEnd();
    reader.read = reader.newest;
    markRead(channel.id, reader.newestTs);
  };
  const draw = () => {
    const { home, channel } = here();
    root.hidden = home;
    if (!channel || home) return leave(list, newer);
    arrive(reader, root, channel);
    const messages = messagesOf(channel.id);
    drawIntro(intro, channel, messages.length);
    const shown = lines(messages, get("names"));
    keep(list, shown, { key: ({ id }) => id, version: (line) => versionOf(line, versions), make: drawLine });
    reader.newestTs = messages.at(-1)?.ts || "0";
    reader.newest = Number(reader.newestTs);
    settle();
  };
  root.addEventListener("scroll", () => {
    reader.atEnd = root.scrollHeight - root.scrollTop - root.clientHeight < NEAR_PX;
    settle();
  });
  new ResizeObserver(settle).observe(list);
  new ResizeObserver(settle).observe(root);
  watch(["message/", "channels", "names"], draw);
  onPlace(draw);
}

// Between two scenes there is no channel, and nothing of the old one may stay.
function leave(list, newer) {
  newer.hidden = true;
  list.replaceChildren();
}

// A change of place would otherwise have a whole channel read out.
function arrive(reader, root, channel) {
  const place = `${person}/${channel.id}`;
  if (place === reader.place) return;
  Object.assign(reader, { place, atEnd: true, read: 0 });
  root.setAttribute("aria-label", `Messages in ${channel.kind === "dm" ? "the app's conversation" : channel.name}`);
  root.setAttribute("aria-live", "off");
  setTimeout(() => root.setAttribute("aria-live", "polite"), 500);
}

// A short mark for a line as it is, the same one as long as nothing in it changed.
function versionOf(line, versions) {
  const content = JSON.stringify(line);
  const known = versions.get(line.id);
  if (known?.content === content) return known.number;
  const number = (known?.number || 0) + 1;
  versions.set(line.id, { content, number });
  return number;
}

function drawIntro(root, channel, count) {
  const { id, name, kind, audit } = channel;
  const elsewhere = audit ? get("channels").find((other) => !other.audit && other.kind !== "dm") : null;
  const item = { id, name, kind, audit, empty: count === 0, elsewhere };
  keep(root, [item], { key: ({ id }) => id, version: JSON.stringify, make: makeIntro });
}

function makeIntro({ name, kind, audit, empty, elsewhere }) {
  if (kind === "dm") {
    return h("div", { class: "intro" }, h("h3", {}, "This is between you and the app"),
      h("p", {}, "What the app tells you alone, outside of a channel, arrives here."));
  }
  const sign = kind === "private" ? icon("lock") : h("span", { "aria-hidden": "true" }, "#");
  return h("div", { class: "intro" }, h("h3", {}, sign, name),
    h("p", {}, audit ? "Every accepted change is confirmed here, with who, what, why and how it ended." : "This is the very beginning of the channel."),
    empty && !audit && h("p", { class: "intro-try" }, "Type ", h("kbd", {}, "/failover"), " below to begin."),
    empty && elsewhere && h("button", { type: "button", class: "plain-button", onclick: () => go(elsewhere.id) }, `Nothing yet. Go to #${elsewhere.name}`));
}
