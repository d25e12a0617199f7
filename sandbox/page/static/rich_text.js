// The rich_text block as far as apps usually send it.

import { h } from "./dom.js";
import { dateNode, link, mention, plain, withEmoji } from "./mrkdwn.js";

const STYLES = [["code", "code", "mk-code"], ["bold", "strong"], ["italic", "em"], ["strike", "s"], ["underline", "u"]];
const NAMED = { user: "user_id", channel: "channel_id", usergroup: "usergroup_id", broadcast: "range" };

/** Nodes for the elements of a rich_text block; a kind that is unknown becomes a visible plate. */
export function richText(elements, names) {
  return (elements || []).flatMap((element) => part(element, names));
}

function part(element, names) {
  const inside = () => (element.elements || []).flatMap((child) => piece(child, names));
  switch (element.type) {
    case "rich_text_section":
      return h("div", {}, inside());
    case "rich_text_preformatted":
      return h("pre", { class: "mk-pre" }, h("code", {}, inside()));
    case "rich_text_quote":
      return h("blockquote", { class: "mk-quote" }, inside());
    case "rich_text_list": {
      const tag = element.style === "ordered" ? "ol" : "ul";
      const start = tag === "ol" && element.offset ? element.offset + 1 : null;
      return h(tag, { class: `rich-list indent-${Math.min(element.indent || 0, 8)}`, start }, (element.elements || []).map((item) => h("li", {}, part(item, names))));
    }
    default:
      return h("div", { class: "unknown", "data-type": element.type }, `This page does not know “${element.type}”.`);
  }
}

function piece(element, names) {
  const style = element.style || {};
  return STYLES.filter(([name]) => style[name]).reduce((nodes, [, tag, name]) => [h(tag, { class: name }, nodes)], [bare(element, names)].flat());
}

function bare(element, names) {
  const { type } = element;
  if (type === "text") return plain(element.text);
  if (type === "link") return link(element.url, element.text);
  if (type in NAMED) return mention(type, element[NAMED[type]], names);
  if (type === "emoji") return withEmoji(`:${element.name}:`);
  if (type === "date") return dateNode(element.timestamp, element.format, element.fallback || "", element.url);
  if (type === "color") return element.value;
  return h("span", { class: "unknown", "data-type": type }, `This page does not know “${type}”.`);
}
