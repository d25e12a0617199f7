// The head of the place in front: its name, topic, what it is for, and the app's two tabs.

import { h, keep } from "./dom.js";
import { avatar, icon } from "./icons.js";
import { go, here, onPlace } from "./place.js";
import { get, person, watch } from "./store.js";

const TABS = [["home", "Home"], ["messages", "Messages"]];

/** Draw the head; the button before it opens the rail where there is no room for it. */
export function mountHead(root) {
  const menu = h("button", {
    type: "button", class: "icon-button rail-button", "aria-label": "Channels and people", onclick: () => openRail(".channel[aria-current]"),
  }, icon("menu"));
  const body = h("div", { class: "place-body" });
  const who = h("div", { class: "place-who" });
  root.append(menu, body, who);
  const draw = () => {
    const { home, channel } = here();
    const named = { home, channel, names: get("names") };
    if (!channel) return;
    keep(body, [named], { key: () => "place", version: JSON.stringify, make: drawPlace });
    keep(who, (get("people") || []).filter(({ id }) => id === person), { key: () => "who", version: JSON.stringify, make: drawWho });
    document.title = `${title(named)} · ${named.names?.team || "Sandbox"}`;
  };
  watch(["channels", "names", "people"], draw);
  onPlace(draw);
}

function openRail(focus, press = false) {
  document.dispatchEvent(new CustomEvent("failover:rail", { detail: { focus, press } }));
}

function title({ home, channel, names }) {
  if (channel.kind !== "dm") return `#${channel.name}`;
  return `${names?.people[names.bot] || "Failover"} – ${home ? "Home" : "Messages"}`;
}

function drawPlace({ home, channel, names }) {
  return channel.kind === "dm" ? drawApp(home, names) : drawChannel(channel);
}

function drawChannel(channel) {
  const sign = channel.kind === "private" ? icon("lock") : h("span", { class: "hash", "aria-hidden": "true" }, "#");
  return h("div", { class: "place-channel" },
    h("h2", {}, sign, h("span", {}, channel.name), channel.kind === "private" && h("span", { class: "visually-hidden" }, " (private)")),
    channel.audit && h("span", { class: "badge" }, "audit trail"),
    channel.topic && h("p", { class: "topic", title: channel.topic }, channel.topic));
}

function drawApp(home, names) {
  const name = names?.people[names.bot] || "Failover";
  const now = home ? "home" : "messages";
  const tabs = TABS.map(([id, label]) =>
    h("button", {
      type: "button", role: "tab", "aria-selected": String(id === now), "aria-controls": id === "home" ? "home" : "conversation",
      tabindex: id === now ? "0" : "-1", onclick: () => go(id), onkeydown: (event) => other(event, now),
    }, label));
  return h("div", { class: "place-app" },
    h("h2", {}, avatar("bot", name, "bot"), h("span", {}, name), h("span", { class: "app-badge" }, "APP")),
    h("div", { class: "app-tabs", role: "tablist", "aria-label": name }, tabs));
}

function other(event, now) {
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
  event.preventDefault();
  go(now === "home" ? "messages" : "home");
  document.querySelector("#place [role=tab][aria-selected=true]").focus();
}

function drawWho({ id, name, role }) {
  return h("button", { type: "button", class: "who-chip", "aria-label": `You are ${name}, ${role}. Change person`, onclick: () => openRail("#who", true) },
    avatar(id, name), h("span", { class: "who-chip-name" }, name));
}
