// Slack's own markup as nodes. What comes in becomes text nodes and a few known elements, never HTML.

import { inFull, slackDate } from "./dates.js";
import { h } from "./dom.js";
import { emoji } from "./emoji.js";

const FENCE = /```([\s\S]+?)```/;
const QUOTE = /^(?:>|&gt;) ?/;
const ATOM = /<(?<token>[^<>\n]+)>|`(?<code>[^`\n]+)`/g;
// Formatting marks count at the edges of words alone.
const OPENS = /(?<![\p{L}\p{N}*_~])([*_~])(?!\1)(?=\S)/gu;
const CLOSES = /(?<=\S)([*_~])(?![\p{L}\p{N}*_~])/gu;
const EMOJI = /:([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):/g;
const AUTO = /(?<url>https?:\/\/[^\s<>|]*[^\s<>|.,;:!?)])|(?<![\w@])@(?<range>here|channel|everyone)\b|(?<!\w)#(?<channel>[a-z0-9][\w.-]*)/giu;
const STYLED = { "*": "strong", _: "em", "~": "s" };
const SCHEME = /^(?:https?|mailto|tel|ftp|slack):/i;

/** Nodes for a text in mrkdwn; `auto` also brings bare addresses and names to life, as without `verbatim`. */
export function mrkdwn(text, names = {}, { auto = false } = {}) {
  const reader = { names: names || {}, auto };
  return String(text ?? "").split(FENCE).flatMap((part, at, parts) => {
    if (at % 2) return [h("pre", { class: "mk-pre" }, h("code", {}, literal(part.replace(/^\n|\n$/g, ""), reader)))];
    // A code block stands on lines of its own whether or not there are line ends around it.
    let lines = at > 0 ? part.replace(/^\n/, "") : part;
    if (at < parts.length - 1) lines = lines.replace(/\n$/, "");
    return lines ? paragraphs(lines.split("\n"), reader) : [];
  });
}

/** Nodes for literal text; `:names:` become emoji only where asked for. */
export function plain(text, { emojis = false } = {}) {
  return broken(String(text ?? "").split("\n").map((line) => (emojis ? withEmoji(line) : [line])));
}

/** Nodes for a text object of either kind; none for null. */
export function textObject(object, names) {
  if (!object) return [];
  if (typeof object === "string") return plain(object);
  if (object.type === "mrkdwn") return mrkdwn(object.text, names, { auto: !object.verbatim });
  return plain(object.text, { emojis: object.emoji === true });
}

/** Somebody's or something's name, marked as alive: kind "user", "channel", "usergroup" or "broadcast". */
export function mention(kind, id, names, label = "") {
  const text = mentionText(kind, id, names || {}, label);
  return h("span", { class: `mk-mention mk-${kind}`, "data-id": id }, text);
}

/** A link that leads nowhere: the page is never left, the address is in the title. */
export function link(url, label) {
  return h("a", { class: "mk-link", role: "link", "aria-disabled": "true", title: url }, label || url.replace(/^mailto:/, ""));
}

/** A moment in the reader's own time; the fallback where it can't be drawn. */
export function dateNode(seconds, format, fallback, url) {
  const text = slackDate(seconds, format);
  if (text === null) return document.createTextNode(fallback);
  const shown = url ? link(url, text) : text;
  return h("time", { class: "mk-date", datetime: new Date(seconds * 1000).toISOString(), title: inFull(seconds) }, shown);
}

/** Text with `:names:` turned into emoji; unknown ones stay. */
export function withEmoji(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(EMOJI)) {
    const sign = emoji(match[1]);
    if (!sign) continue;
    nodes.push(text.slice(from, match.index), h("span", { class: "mk-emoji", role: "img", "aria-label": match[1].split("::")[0].replaceAll("_", " "), title: match[0] }, sign));
    from = match.index + match[0].length;
  }
  return [...nodes, text.slice(from)].filter((node) => node !== "");
}

function decode(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

function broken(lines) {
  return lines.flatMap((line, at) => (at ? [h("br"), ...line] : line)).map((node) => (typeof node === "string" ? document.createTextNode(node) : node));
}

function paragraphs(lines, reader) {
  const nodes = [];
  let open = [];
  let quoting = false;
  const flush = () => {
    const drawn = broken(open.map((line) => inline(line, reader)));
    if (open.length) nodes.push(...(quoting ? [h("blockquote", { class: "mk-quote" }, drawn)] : drawn));
    open = [];
  };
  for (const line of lines) {
    const isQuote = QUOTE.test(line);
    if (isQuote !== quoting) flush();
    quoting = isQuote;
    open.push(isQuote ? line.replace(QUOTE, "") : line);
  }
  flush();
  return nodes;
}

// `inside`: the marks that this text stands between; none of them can begin again.
function inline(text, reader, inside = "") {
  const nodes = [];
  let from = 0;
  for (const { mark, start, end } of spans(text, inside)) {
    nodes.push(...atoms(text.slice(from, start), reader), h(STYLED[mark], {}, inline(text.slice(start + 1, end), reader, inside + mark)));
    from = end + 1;
  }
  return [...nodes, ...atoms(text.slice(from), reader)];
}

// Found in one pass forwards: what somebody else typed must not be able to hold up the page.
function spans(text, inside) {
  const masked = text.replace(ATOM, (atom) => "\u0001".repeat(atom.length));
  const closing = { "*": [], _: [], "~": [] };
  for (const { 1: mark, index } of masked.matchAll(CLOSES)) closing[mark].push(index);
  const at = { "*": 0, _: 0, "~": 0 };
  const found = [];
  let from = 0;
  for (const { 1: mark, index: start } of masked.matchAll(OPENS)) {
    if (start < from || inside.includes(mark)) continue;
    while (closing[mark][at[mark]] < start + 2) at[mark] += 1;
    const end = closing[mark][at[mark]];
    if (end === undefined) continue;
    found.push({ mark, start, end });
    from = end + 1;
  }
  return found;
}

function atoms(text, reader) {
  const nodes = [];
  let from = 0;
  for (const { 0: all, index, groups: { token: inside, code } } of text.matchAll(ATOM)) {
    const node = inside === undefined ? h("code", { class: "mk-code" }, literal(code, reader)) : token(inside, reader);
    nodes.push(...words(text.slice(from, index), reader), node);
    from = index + all.length;
  }
  return [...nodes, ...words(text.slice(from), reader)];
}

function words(text, reader) {
  if (!reader.auto) return withEmoji(decode(text));
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(AUTO)) {
    const node = alive(match.groups, reader);
    if (!node) continue;
    nodes.push(...withEmoji(decode(text.slice(from, match.index))), node);
    from = match.index + match[0].length;
  }
  return [...nodes, ...withEmoji(decode(text.slice(from)))];
}

function alive({ url, range, channel }, reader) {
  if (url) return link(decode(url));
  if (range) return mention("broadcast", range.toLowerCase(), reader.names);
  const known = Object.entries(reader.names.channels || {}).find(([, name]) => name === channel);
  return known ? mention("channel", known[0], reader.names) : null;
}

// Inside code a mention or a link is still read, but only as words.
function literal(text, reader) {
  return decode(text.replace(/<([^<>\n]+)>/g, (_, inside) => token(inside, reader).textContent.replaceAll("&", "&amp;")));
}

function token(inside, { names }) {
  const bar = inside.indexOf("|");
  const target = decode(bar < 0 ? inside : inside.slice(0, bar));
  const label = bar < 0 ? "" : decode(inside.slice(bar + 1));
  if (target.startsWith("!date^")) return dateToken(target, label);
  if (target.startsWith("!subteam^")) return mention("usergroup", target.slice(9), names, label);
  if (/^!(here|channel|everyone)$/.test(target)) return mention("broadcast", target.slice(1), names);
  if (target.startsWith("@")) return mention("user", target.slice(1), names, label);
  if (target.startsWith("#")) return mention("channel", target.slice(1), names, label);
  if (SCHEME.test(target)) return link(target, label);
  return document.createTextNode(target.startsWith("!") && label ? label : `<${decode(inside)}>`);
}

function dateToken(target, label) {
  const [, seconds, format = "", url = ""] = target.split("^");
  return /^\d+$/.test(seconds) ? dateNode(Number(seconds), format, label || target, url) : document.createTextNode(label || target);
}

function mentionText(kind, id, names, label) {
  if (kind === "broadcast") return `@${id}`;
  if (kind === "user") return `@${names.people?.[id] || label || id}`;
  if (kind === "channel") return `#${names.channels?.[id] || label || id}`;
  return `@${(names.usergroups?.[id] || label || id).replace(/^@/, "")}`;
}
