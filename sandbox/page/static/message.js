// One message as a person sees it: who, when, what, and whether others see it too.

import { blocks } from "./blocks.js";
import { h } from "./dom.js";
import { avatar, icon } from "./icons.js";
import { mrkdwn } from "./mrkdwn.js";

const SLACK = "USLACKBOT";
const TOGETHER_SECONDS = 300;
const clock = new Intl.DateTimeFormat([], { hour: "numeric", minute: "2-digit" });
const full = new Intl.DateTimeFormat([], { dateStyle: "full", timeStyle: "medium" });
const day = new Intl.DateTimeFormat([], { weekday: "long", day: "numeric", month: "long" });

/** Messages, oldest first, as the lines of a conversation: days between them, authors named once in a row. */
export function lines(messages, names) {
  const found = [];
  let before = null;
  for (const message of messages) {
    const label = dayOf(message);
    const newDay = !before || dayOf(before) !== label;
    if (newDay) found.push({ id: `day ${new Date(message.ts * 1000).toDateString()}`, day: label });
    found.push({ id: `${message.channel} ${message.ts}`, message, names, lead: newDay || !goesWith(before, message) });
    before = message;
  }
  return found;
}

/** Draw one of the lines. */
export function drawLine(line) {
  if (line.day) return h("div", { class: "day" }, h("span", {}, line.day));
  const { message, names, lead } = line;
  const name = nameOf(message.author, names);
  const classes = ["message", lead && "lead", message.ephemeral && "private", message.author === SLACK && "failed"];
  return h("article", { class: classes.filter(Boolean).join(" "), tabindex: "-1", "aria-label": spoken(message, name), "data-ts": message.ts },
    h("div", { class: "gutter" }, lead ? avatar(message.author, name, names?.bot) : time(message, true)),
    h("div", { class: "said" },
      message.ephemeral && h("p", { class: "only-you" }, icon("eye"), "Only visible to you"),
      lead && h("p", { class: "byline" },
        h("span", { class: "author" }, name),
        message.author === names?.bot && h("span", { class: "app-badge" }, "APP"),
        time(message)),
      isReply(message) && h("p", { class: "thread-note" }, "replied in a thread"),
      body(message, names)));
}

function body(message, names) {
  const edited = message.edited && h("span", { class: "edited" }, "(edited)");
  if (!message.blocks?.length) return h("div", { class: "text" }, mrkdwn(message.text, names), edited && [" ", edited]);
  const ctx = { names, on: { message: [message.channel, message.ts] }, values: message.values || {}, errors: {} };
  return h("div", { class: "blocks" }, blocks(message.blocks, ctx), edited);
}

function nameOf(id, names) {
  if (id === SLACK) return "Slackbot";
  return names?.people[id] || (id === names?.bot ? "Failover" : id);
}

function spoken(message, name) {
  const to = message.ephemeral ? ", only visible to you" : "";
  return `${name}, ${clock.format(at(message))}${to}`;
}

// The narrow gutter has no room for "AM"; the title tells.
function time(message, narrow = false) {
  const moment = at(message);
  const parts = clock.formatToParts(moment).filter(({ type }) => !narrow || type !== "dayPeriod");
  const shown = parts.map(({ value }) => value).join("").trim();
  return h("time", { datetime: moment.toISOString(), title: full.format(moment) }, shown);
}

function dayOf(message) {
  const then = at(message);
  const today = new Date();
  if (then.toDateString() === today.toDateString()) return "Today";
  today.setDate(today.getDate() - 1);
  return then.toDateString() === today.toDateString() ? "Yesterday" : day.format(then);
}

function goesWith(before, message) {
  return before.author === message.author && before.ephemeral === message.ephemeral && !message.ephemeral
    && before.thread_ts === message.thread_ts && message.ts - before.ts < TOGETHER_SECONDS;
}

function isReply({ thread_ts: thread, ts }) {
  return thread && thread !== ts;
}

function at(message) {
  return new Date(Number(message.ts) * 1000);
}
