// The chosen failover group: its picture with a switch in each Live Slicer, its facts, and what happened to it.

import { cmsForm } from "./cms.js";
import { h, keep } from "./dom.js";
import { turn } from "./knob.js";
import { inOrder, layout, nextInLine, picture, sentence } from "./picture.js";
import { entries } from "./store.js";

const MOST_HAPPENED = 8;
const SOURCES = { api: "API", cms: "CMS", failover: "failover", failback: "failback", health: "health" };

/** Make the card of a group: `{node, draw(group or null), tick()}`; `tick` renews the ages. */
export function groupCard() {
  const name = h("h2", { class: "up-title" });
  const said = h("p", { class: "up-said", role: "status" });
  const stage = h("div", { class: "up-picture" });
  const switches = h("div", { class: "up-switches", role: "group", "aria-label": "Live Slicers: kill or revive" });
  const facts = h("dl", { class: "up-facts" });
  const happened = h("ol", { class: "up-happened", reversed: true });
  const form = cmsForm();
  const node = h(
    "section",
    { class: "up-card", "aria-label": "The chosen group" },
    name,
    h("div", { class: "up-stage" }, stage, switches),
    said,
    facts,
    form.node,
    h("h3", {}, "What happened"),
    happened,
  );
  let drawn = null;
  const draw = (group) => {
    node.hidden = !group;
    if (!group) return;
    if (JSON.stringify(group) !== JSON.stringify(drawn)) {
      stage.replaceChildren(picture(group, drawn?.id === group.id ? drawn : null));
      set(name, group.name);
      set(said, `${sentence(group)}.`);
      drawSwitches(switches, group);
      facts.replaceChildren(...factsOf(group));
      form.draw(group);
    }
    drawn = group;
    drawHappened(happened, group.id);
    tick();
  };
  const tick = () => {
    const age = facts.querySelector(".up-age");
    if (age) set(age, ago(drawn.failover_time));
  };
  return { node, draw, tick };
}

function drawSwitches(parent, group) {
  const place = layout(group);
  parent.style.aspectRatio = `${place.width} / ${place.height}`;
  const nodes = keep(parent, place.slots, {
    key: ({ slicer }) => slicer.slicer_id,
    version: () => "",
    make: ({ slicer }) => powerSwitch(slicer.slicer_id),
  });
  nodes.forEach((node, at) => {
    const { slicer, y } = place.slots[at];
    const word = slicer.healthy ? "Kill" : "Revive";
    node.style.top = `${((y + 42) / place.height) * 100}%`;
    node.setAttribute("aria-checked", String(slicer.healthy));
    node.setAttribute("aria-label", `${slicer.slicer_id} alive: ${word}`);
    node.title = slicer.healthy ? `Let ${slicer.slicer_id} die wherever it serves` : `Bring ${slicer.slicer_id} back`;
    set(node.lastChild, word);
  });
}

function powerSwitch(slicer) {
  const node = h(
    "button",
    {
      type: "button",
      role: "switch",
      class: "panel-switch up-power",
      onclick: () => turn({ do: node.getAttribute("aria-checked") === "true" ? "kill" : "revive", slicer }),
    },
    h("span", { class: "panel-track", "aria-hidden": "true" }),
    h("span"),
  );
  return node;
}

function factsOf(group) {
  const fact = (term, ...value) => h("div", {}, h("dt", {}, term), h("dd", {}, ...value));
  const warm = group.hot_warm === 0 ? "hot-hot" : group.hot_warm === 1 ? "hot-warm" : `at most ${group.hot_warm} encode`;
  const owners = group.allowed_owners || [];
  const out = inOrder(group)
    .filter((one) => !one.enabled)
    .map((one) => one.slicer_id);
  return [
    fact("Mode", group.mode),
    fact(
      "Auto failback",
      group.auto_failback ? "on" : "off",
      group.auto_failback && group.mode === "flat" ? " (idle in flat)" : "",
    ),
    fact(
      "Next in line",
      group.on_slate
        ? "–"
        : nextInLine(group)
            .map((one) => one.slicer_id)
            .join(group.mode === "flat" ? " or " : "") || "nobody",
    ),
    fact(
      "Last failover",
      group.failover_time ? h("time", { class: "up-age", title: new Date(group.failover_time).toLocaleString() }) : "never",
    ),
    fact("Channels", group.channels.map((one) => one.desc || one.id).join(", ") || "none"),
    fact("Encoding", warm),
    out.length ? fact("Not eligible", out.join(", ")) : null,
    owners.length ? fact("Also allowed", owners.join(", ")) : null,
  ].filter(Boolean);
}

function ago(milliseconds) {
  const seconds = Math.max(0, Math.floor((Date.now() - milliseconds) / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min ago`;
  return `${Math.floor(seconds / 86400)} days ago`;
}

function drawHappened(parent, id) {
  const mine = entries("happened/")
    .map(([, one]) => one)
    .filter((one) => one.group_id === id);
  const last = mine.sort((a, b) => b.seq - a.seq).slice(0, MOST_HAPPENED);
  parent.previousSibling.hidden = !last.length;
  keep(parent, last, {
    key: (one) => one.seq,
    version: () => "",
    make: (one) =>
      h(
        "li",
        {},
        h(
          "time",
          { datetime: new Date(one.at * 1000).toISOString() },
          new Date(one.at * 1000).toLocaleTimeString([], { hour12: false }),
        ),
        h("span", { class: `up-source ${one.source}` }, SOURCES[one.source] || one.source),
        h("span", {}, one.text),
      ),
  });
}

// Setting the same text again would make a screen reader say it again.
function set(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
