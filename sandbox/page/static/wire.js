// The wire log: each request between Slack, the bot and Uplynk, newest at the bottom, foldable to its JSON.

import { h, keep } from "./dom.js";
import { entries, get, watch } from "./store.js";
import { toast } from "./toast.js";

const NAMES = { slack: "Slack", bot: "bot", uplynk: "Uplynk" };
const FILTERS = [
  { id: "all", label: "everything", fits: () => true },
  { id: "slack", label: "Slack", fits: (one) => one.from === "slack" || one.to === "slack" },
  { id: "uplynk", label: "Uplynk", fits: (one) => one.to === "uplynk" },
  {
    id: "writes",
    label: "writes only",
    about: "Only what is to change something in Uplynk",
    fits: (one) => one.to === "uplynk" && one.method !== "GET",
  },
];
const NEAR_END = 24;
const LONG_ID = /\b([0-9a-f]{5})[0-9a-f]{27}\b/g;
const TOKENS = /("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Fill the region with the log; it follows the newest line until somebody scrolls up or pauses it. */
export function mountWire(root) {
  const view = { filter: FILTERS[0], paused: null, stuck: true, newest: 0, fresh: 0 };
  const list = h("ol", { class: "wire-list", tabindex: "0", "aria-label": "Requests, newest last" });
  const empty = h("p", { class: "wire-empty" });
  const below = h("button", {
    type: "button",
    class: "wire-below",
    hidden: true,
    onclick: () => {
      list.scrollTop = list.scrollHeight;
      list.focus();
    },
  });
  const follow = () => {
    if (view.stuck && !reading(list)) list.scrollTop = list.scrollHeight;
    below.hidden = !view.fresh;
  };
  const draw = () => {
    if (view.generation !== get("stage")?.generation) view.paused = null;
    const all = view.paused || wires();
    const shown = all.filter(view.filter.fits);
    if (view.stuck && !reading(list)) view.newest = shown.at(-1)?.n || 0;
    else view.newest = Math.min(view.newest, shown.at(-1)?.n || 0);
    view.fresh = shown.filter((one) => one.n > view.newest).length;
    keep(list, shown, { key: (one) => one.n, version: (one) => JSON.stringify([one, nameOf(one.person)]), make: lineOf });
    empty.hidden = shown.length > 0;
    empty.textContent = all.length
      ? "Nothing of this kind yet."
      : "Nothing has gone over the wire yet. Type /failover on the left.";
    below.textContent = `${view.fresh} new ↓`;
    tools.draw();
    follow();
  };
  const tools = toolbar(view, draw);
  list.addEventListener("scroll", () => {
    view.stuck = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END;
    if (!view.stuck || !view.fresh) return;
    Object.assign(view, { newest: wires().at(-1).n, fresh: 0 });
    follow();
  });
  new ResizeObserver(follow).observe(list);
  root.classList.add("wire");
  root.replaceChildren(tools.node, h("div", { class: "wire-frame" }, list, empty, below));
  watch(["wire/", "names", "people"], draw);
  draw();
}

// Whoever has a request unfolded in front of them is not to have it pulled away by the next one.
function reading(list) {
  const frame = list.getBoundingClientRect();
  return [...list.querySelectorAll(".wire-body:not([hidden])")].some((body) => {
    const { top, bottom } = body.getBoundingClientRect();
    return bottom > frame.top && top < frame.bottom;
  });
}

function wires() {
  return entries("wire/")
    .map(([, one]) => one)
    .sort((a, b) => a.n - b.n);
}

function toolbar(view, draw) {
  const filters = FILTERS.map((filter) =>
    h(
      "label",
      { title: filter.about },
      h("input", {
        type: "radio",
        name: "wire-filter",
        value: filter.id,
        checked: filter === view.filter,
        onchange: () => {
          view.filter = filter;
          view.stuck = true;
          draw();
        },
      }),
      h("span", {}, filter.label),
    ),
  );
  const pause = h("button", {
    type: "button",
    class: "panel-button wire-pause",
    onclick: () => {
      view.paused = view.paused ? null : wires();
      view.generation = get("stage")?.generation;
      draw();
    },
  });
  const node = h(
    "div",
    { class: "wire-tools" },
    h("div", { class: "panel-seg", role: "radiogroup", "aria-label": "Show" }, filters),
    pause,
  );
  return {
    node,
    draw: () => {
      const last = view.paused?.at(-1)?.n || 0;
      const missed = view.paused ? wires().filter((one) => one.n > last).length : 0;
      pause.classList.toggle("is-paused", Boolean(view.paused));
      pause.textContent = view.paused ? `Go on${missed ? ` (${missed})` : ""}` : "Pause";
    },
  };
}

function nameOf(id) {
  return get("names")?.people?.[id] || id;
}

function lineOf(one, known) {
  // After a new scene the numbers begin again: what stood there under this number is another request.
  const line = known?.dataset.at === String(one.at) ? known : newLine(one.n);
  line.dataset.at = one.at;
  const summary = line.firstChild;
  const waiting = one.status === null && !one.ms && (!one.problem || one.problem.endsWith("(weather)"));
  const bad = (one.problem && !waiting) || one.status >= 400 || one.signature === "refused";
  line.className = `wire-line ${one.from}-${one.to} ${bad ? "bad" : ""}`;
  summary.replaceChildren(
    h(
      "span",
      { class: "wire-top" },
      h("time", { title: clock(one.at, 3) }, clock(one.at, 1)),
      h(
        "span",
        { class: "wire-way" },
        NAMES[one.from],
        h("span", { "aria-hidden": "true" }, " → "),
        h("span", { class: "visually-hidden" }, " to "),
        NAMES[one.to],
      ),
      h("span", { class: "wire-what", title: one.what }, one.what),
      h("span", { class: "wire-status" }, waiting ? "waiting" : one.status === null ? "no answer" : String(one.status)),
      h("span", { class: "wire-ms" }, waiting ? "…" : duration(one.ms)),
    ),
    h(
      "span",
      { class: "wire-bottom" },
      h("span", { class: "wire-method" }, one.method),
      h("span", { class: "wire-path", title: one.path }, one.path.replace("/api/v4/", "…/").replace(LONG_ID, "$1…")),
      one.person ? h("span", { class: "wire-person" }, nameOf(one.person)) : null,
      h("span", { class: "wire-signature" }, signature(one.signature)),
    ),
    one.problem ? h("span", { class: "wire-problem" }, `⚠ ${one.problem}`) : "",
  );
  return line;
}

function newLine(n) {
  const body = h("div", { class: "wire-body", id: `wire-body-${n}`, hidden: true });
  const summary = h("button", {
    type: "button",
    class: "wire-summary",
    "aria-expanded": "false",
    "aria-controls": body.id,
    onclick: async () => {
      body.hidden = !body.hidden;
      summary.setAttribute("aria-expanded", String(!body.hidden));
      if (!body.hidden) await unfold(n, body);
    },
  });
  return h("li", {}, summary, body);
}

async function unfold(n, body) {
  body.replaceChildren(h("p", { class: "panel-note" }, "Fetching…"));
  try {
    const answer = await fetch(`/wire/${n}`);
    if (!answer.ok) throw new Error("This request is no longer kept.");
    const { request, answer: reply } = await answer.json();
    body.replaceChildren(part("request", request), part("answer", reply));
    body.scrollIntoView({ block: "nearest" });
  } catch (error) {
    body.replaceChildren(h("p", { class: "panel-note", role: "alert" }, error.message));
  }
}

function part(name, value) {
  const text = JSON.stringify(value ?? null, null, 2);
  const copy = h(
    "button",
    {
      type: "button",
      class: "panel-button small",
      "aria-label": `Copy the ${name}`,
      onclick: async () => {
        try {
          await navigator.clipboard.writeText(text);
          copy.textContent = "Copied ✓";
          setTimeout(() => {
            copy.textContent = "Copy";
          }, 1600);
        } catch {
          toast("The browser did not allow copying.", "bad");
        }
      },
    },
    "Copy",
  );
  return h(
    "div",
    { class: "wire-part" },
    h("div", { class: "wire-part-head" }, h("h3", {}, name), copy),
    h("pre", { tabindex: "0", role: "region", "aria-label": `JSON of the ${name}` }, coloured(text)),
  );
}

function coloured(text) {
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(TOKENS)) {
    const [whole, quoted, colon] = match;
    const kind = colon ? "key" : quoted ? "text" : /^[tfn]/.test(whole) ? "word" : "number";
    nodes.push(text.slice(at, match.index), h("span", { class: `json-${kind}` }, quoted || whole), colon || "");
    at = match.index + whole.length;
  }
  return [...nodes, text.slice(at)];
}

function signature(word) {
  return { verified: "✓ verified", refused: "✕ refused" }[word] || word;
}

function duration(ms) {
  return ms < 10 ? `${ms.toFixed(1)} ms` : ms < 10000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function clock(at, digits) {
  const time = new Date(at * 1000);
  return `${time.toLocaleTimeString([], { hour12: false })}.${String(time.getMilliseconds()).padStart(3, "0").slice(0, digits)}`;
}
