// Where the reader is: a channel, or one of the two tabs of the app; and what they have read there.

import { entries, get, person } from "./store.js";

const listeners = new Set();
const seen = new Map(JSON.parse(sessionStorage.getItem("seen") || "[]"));
let wish = sessionStorage.getItem("place") || "";

/** What is in front: `{home, channel}`; the channel is null as long as none is known. */
export function here() {
  const channels = get("channels") || [];
  const direct = channels.find((channel) => channel.kind === "dm") || null;
  if (wish === "home") return { home: true, channel: direct };
  if (wish === "messages" && direct) return { home: false, channel: direct };
  const found = channels.find((channel) => channel.id === wish);
  return { home: false, channel: found || channels.find((channel) => channel.kind !== "dm") || direct };
}

/** Go to a channel by its id, to "home" or to "messages", which is the app's own conversation. */
export function go(id) {
  const channel = (get("channels") || []).find((known) => known.id === id);
  // Everybody's conversation with the app has another id, but is the same place.
  wish = channel?.kind === "dm" ? "messages" : id;
  sessionStorage.setItem("place", wish);
  tell();
}

/** Calls back whenever the place or what is read changed. */
export function onPlace(callback) {
  listeners.add(callback);
}

/** The messages of a channel, oldest first. */
export function messagesOf(channel) {
  const found = entries(`message/${channel}/`).map(([, message]) => message);
  return found.sort((one, other) => Number(one.ts) - Number(other.ts));
}

/** Whether somebody else has written there since the person last looked. */
export function isUnread(channel) {
  const since = Number(seen.get(`${person}/${channel}`) || 0);
  return messagesOf(channel).some((message) => message.author !== person && Number(message.ts) > since);
}

/** Remember that the person has seen a channel up to a timestamp. */
export function markRead(channel, ts) {
  const key = `${person}/${channel}`;
  if (Number(seen.get(key) || 0) >= Number(ts)) return;
  seen.set(key, ts);
  sessionStorage.setItem("seen", JSON.stringify([...seen]));
  tell();
}

function tell() {
  for (const callback of listeners) callback();
}
