// One quiet line above the conversation: what the stage behind the page is doing, where that matters.

import { h, keep } from "./dom.js";
import { toast } from "./toast.js";
import { get, watch, world } from "./store.js";

/** Draw the line; it is empty while all is well and nothing is announced. */
export function mountNotice(root) {
  const draw = () => {
    const word = said(get("stage"), get("link"));
    keep(root, word ? [word] : [], { key: ({ kind }) => kind, version: JSON.stringify, make });
  };
  watch(["stage", "link"], draw);
  draw();
}

function said(stage, link) {
  if (link === "lost") return { kind: "lost", text: "The sandbox is out of reach. Trying again…" };
  if (!stage) return { kind: "starting", text: "Connecting…" };
  if (stage.state === "failed") return { kind: "failed", text: `The sandbox could not start. ${stage.problem}` };
  if (stage.state === "starting") return { kind: "starting", text: "Starting the bot and the two simulators…" };
  if (stage.bot === "stopped") return { kind: "stopped", text: "The bot is stopped: nobody answers what you do." };
  return stage.caption ? { kind: "caption", text: stage.caption } : null;
}

function make({ kind, text }) {
  const start = () => world({ do: "bot", now: "start" }).catch((error) => toast(error.message, "bad"));
  return h("p", { class: `notice ${kind}` }, h("span", { class: "notice-dot", "aria-hidden": "true" }), h("span", {}, text),
    kind === "stopped" && h("button", { type: "button", class: "plain-button", onclick: start }, "Start it"));
}
