// The guided first minute: five steps that notice by themselves when they are done.

import { h, keep } from "./dom.js";
import { get, watch } from "./store.js";

/** Fill the region with the guide; it can be put away and brought back. */
export function mountTour(root) {
  const view = { away: localStorage.getItem("tour") === "away", open: null, done: null, generation: null };
  const steps = h("ol", { class: "tour-steps" });
  const progress = h("progress", { class: "tour-progress", "aria-label": "Steps done" });
  const said = h("p", { class: "visually-hidden", role: "status" });
  const end = h("div", { class: "tour-end" });
  const hide = h("button", { type: "button", class: "panel-button small", onclick: () => put(true) }, "Put away");
  const back = h("button", { type: "button", class: "panel-button", onclick: () => put(false) }, "Bring the guide back");
  const full = h(
    "div",
    { class: "tour-full" },
    h("div", { class: "tour-head" }, h("h2", {}, "Your first minute"), hide),
    progress,
    steps,
    end,
  );
  const put = (away) => {
    view.away = away;
    localStorage.setItem("tour", away ? "away" : "here");
    draw();
    (away ? back : hide).focus();
  };
  const draw = () => {
    const tour = get("tour");
    full.hidden = view.away || !tour;
    back.hidden = !view.away;
    if (!tour) return;
    notice(view, tour, said);
    progress.max = tour.steps.length;
    progress.value = tour.steps.filter((step) => step.done).length;
    drawSteps(steps, tour.steps, view, draw);
    const over = tour.steps.length > 0 && tour.steps.every((step) => step.done);
    if (end.hidden === over || !end.firstChild) end.replaceChildren(...ending());
    end.hidden = !over;
  };
  root.classList.add("tour");
  root.replaceChildren(full, back, said);
  watch("tour", draw);
  draw();
}

function drawSteps(parent, steps, view, redraw) {
  const toggle = (id) => {
    view.open = view.open === id ? null : id;
    redraw();
  };
  keep(parent, steps, {
    key: (step) => step.id,
    version: (step) => JSON.stringify([step, step.id === view.open, view.fresh.has(step.id)]),
    make: (step, known) => stepOf(step, { open: step.id === view.open, fresh: view.fresh.has(step.id), known, toggle }),
  });
}

function notice(view, tour, said) {
  const anew = view.generation !== tour.generation;
  const done = new Set(tour.steps.filter((step) => step.done).map((step) => step.id));
  view.fresh = new Set(anew ? [] : [...done].filter((id) => !view.done.has(id) || view.fresh.has(id)));
  const just = anew ? [] : tour.steps.filter((step) => step.done && !view.done.has(step.id));
  const next = tour.steps.find((step) => !step.done);
  if (anew || just.length) view.open = next?.id || null;
  if (just.length) said.textContent = `Done: ${just.at(-1).title}. ${next ? `Next: ${next.title}.` : "That was the last step."}`;
  view.done = done;
  view.generation = tour.generation;
}

function stepOf(step, { open, fresh, known, toggle }) {
  const body = `tour-${step.id}`;
  const li =
    known ||
    h(
      "li",
      {},
      h("button", { type: "button", class: "tour-step", "aria-controls": body, onclick: () => toggle(step.id) }),
      h("div", { id: body }),
    );
  const [button, text] = li.children;
  li.className = [step.done ? "done" : "", open ? "open" : "", fresh ? "fresh" : ""].join(" ");
  button.setAttribute("aria-expanded", String(open));
  button.replaceChildren(
    h("span", { class: "tour-tick", "aria-hidden": "true" }),
    h("span", {}, step.title),
    step.done ? h("span", { class: "visually-hidden" }, " (done)") : "",
  );
  text.hidden = !open;
  const focused = text.contains(document.activeElement);
  text.replaceChildren(
    h("p", {}, step.text),
    step.try?.type ? h("code", { class: "tour-line" }, step.try.type) : "",
    step.try ? h("button", { type: "button", class: "panel-button primary", onclick: () => show(step.try) }, "Show me") : "",
  );
  if (focused) button.focus();
  return li;
}

function show(attempt) {
  const tell = (name, detail) => document.dispatchEvent(new CustomEvent(`failover:${name}`, { detail }));
  if (attempt.person) tell("person", { id: attempt.person });
  if (attempt.group) {
    tell("group", { id: attempt.group });
    tell("pane", "uplynk");
    return;
  }
  tell("pane", "slack");
  if (attempt.type) tell("prefill", { text: attempt.type, channel: attempt.channel });
}

function ending() {
  const go = (pane) => () => document.dispatchEvent(new CustomEvent("failover:pane", { detail: pane }));
  return [
    h("h3", {}, "You have seen it work"),
    h(
      "p",
      {},
      "The bot reads a group, shows what would change, writes once, reads back and says what is true. Each of these steps went over the wire that you can read.",
    ),
    h(
      "ul",
      {},
      h("li", {}, "Play a scene: let the primary Live Slicer die in the middle of the final."),
      h("li", {}, "Spoil the weather: a write whose answer is lost, a Slack that says “too many requests”."),
      h("li", {}, "Kill the bot in the middle of a change and start it again."),
    ),
    h(
      "div",
      { class: "tour-go" },
      h("button", { type: "button", class: "panel-button primary", onclick: go("uplynk") }, "Scenes and weather"),
      h("button", { type: "button", class: "panel-button", onclick: go("wire") }, "Read the wire log"),
    ),
  ];
}
