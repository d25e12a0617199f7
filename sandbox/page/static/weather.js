// What a person may do to the world: bad weather at Uplynk and Slack, another scene, a bot that dies.

import { h, keep } from "./dom.js";
import { turn } from "./knob.js";
import { get, watch } from "./store.js";

const SIDES = { uplynk: "Uplynk", slack: "Slack" };

/** Fill the region with the switches for weather, scene and bot; they follow the stream. */
export function mountWeather(root) {
  const sides = Object.keys(SIDES).map(weatherOf);
  const bot = botSwitch();
  const scenes = sceneChooser();
  root.classList.add("weather");
  root.replaceChildren(
    h(
      "section",
      { "aria-label": "Weather" },
      h("h2", {}, "Weather"),
      sides.map((side) => side.node),
    ),
    bot.node,
    scenes.node,
  );
  const draw = () => {
    for (const side of sides) side.draw(get("weather"));
    bot.draw(get("stage"));
    scenes.draw(get("stage"));
  };
  watch(["weather", "stage"], draw);
  draw();
}

function weatherOf(side) {
  const about = h("p", { class: "panel-note", "aria-live": "polite" });
  const choices = h("div", { class: "panel-seg many", role: "radiogroup", "aria-label": `Weather at ${SIDES[side]}` });
  const node = h(
    "div",
    { class: "weather-side" },
    h("h3", {}, h("span", { class: "weather-sky", "aria-hidden": "true" }), SIDES[side]),
    choices,
    about,
  );
  let state = null;
  const show = () => {
    for (const input of choices.querySelectorAll("input")) input.checked = input.value === state.now;
    set(about, state.choices.find((one) => one.id === state.now)?.about || "");
  };
  const choose = async (now) => {
    if (!(await turn({ do: "weather", side, now }))) show();
  };
  const radio = (one) =>
    h(
      "label",
      { title: one.about },
      h("input", { type: "radio", name: `weather-${side}`, value: one.id, onchange: () => choose(one.id) }),
      h("span", {}, one.label),
    );
  const draw = (weather) => {
    node.hidden = !weather?.[side];
    if (node.hidden) return;
    state = weather[side];
    keep(choices, state.choices, { key: (one) => one.id, version: (one) => one.label + one.about, make: radio });
    node.classList.toggle("is-bad", state.choices.length > 0 && state.now !== state.choices[0].id);
    show();
  };
  return { node, draw };
}

// Setting the same text again would make a screen reader say it again.
function set(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function botSwitch() {
  let running = true;
  const state = h("span", { role: "status" });
  const word = h("span");
  const button = h(
    "button",
    {
      type: "button",
      role: "switch",
      class: "panel-switch big",
      onclick: async () => {
        button.disabled = true;
        await turn({ do: "bot", now: running ? "kill" : "start" });
        button.disabled = false;
        button.focus();
      },
    },
    h("span", { class: "panel-track", "aria-hidden": "true" }),
    word,
  );
  const note = h("p", { class: "panel-note" });
  const node = h(
    "section",
    { class: "weather-bot", "aria-label": "The bot" },
    h("h2", {}, "The bot"),
    h("div", { class: "weather-bot-row" }, state, button),
    note,
  );
  const draw = (stage) => {
    node.hidden = !stage;
    if (!stage) return;
    const ready = stage.state === "ready";
    running = stage.bot === "running";
    node.classList.toggle("is-dead", ready && !running);
    node.classList.toggle("is-starting", !ready);
    button.hidden = !ready;
    set(state, !ready ? "… not there yet" : running ? "● running" : "✕ stopped");
    word.textContent = running ? "kill -9" : "start again";
    button.setAttribute("aria-checked", String(running));
    button.setAttribute("aria-label", `Bot runs: ${word.textContent}`);
    note.hidden = !ready;
    note.textContent = running
      ? "Kill it in the middle of a change, then start it again: it settles what it left open."
      : "Nobody answers Slack now. Started again, it reads Uplynk and says what became of each change.";
  };
  return { node, draw };
}

function sceneChooser() {
  const cards = h("ul", { class: "weather-scenes" });
  const state = h("p", { class: "panel-note", role: "status" });
  // Counts down second by second: not for a live region.
  const caption = h("p", { class: "weather-caption" });
  const node = h("section", { "aria-label": "Scenes" }, h("h2", {}, "Scenes"), state, caption, cards);
  let asked = null;
  let stage = null;
  const ask = (id, back) => {
    asked = id;
    draw(stage);
    const target = cards.querySelector(back ? `[data-key="${CSS.escape(back)}"] .weather-scene` : ".weather-ask button");
    target?.focus();
  };
  const draw = (now) => {
    node.hidden = !now;
    if (!now) return;
    stage = now;
    set(state, { starting: "Setting the scene…", failed: `The scene could not start. ${now.problem}` }[now.state] || "");
    caption.textContent = now.state === "ready" ? now.caption : "";
    const focused = cards.contains(document.activeElement) ? document.activeElement.closest("[data-key]").dataset.key : null;
    keep(cards, now.scenes, {
      key: (scene) => scene.id,
      version: (scene) => [scene.title, scene.about, scene.id === now.scene, scene.id === asked].join("\n"),
      make: (scene) => sceneCard(scene, scene.id === now.scene, scene.id === asked, ask),
    });
    if (focused && !cards.contains(document.activeElement)) {
      cards.querySelector(`[data-key="${CSS.escape(focused)}"] .weather-scene`)?.focus({ preventScroll: true });
    }
  };
  return { node, draw };
}

function sceneCard(scene, playing, asked, ask) {
  const id = `scene-${scene.id}`;
  const start = async () => {
    ask(null, scene.id);
    await turn({ do: "scene", scene: scene.id });
  };
  const question = () =>
    h(
      "div",
      {
        class: "weather-ask",
        role: "group",
        "aria-labelledby": `${id}-ask`,
        onkeydown: (event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          ask(null, scene.id);
        },
      },
      h("p", { id: `${id}-ask` }, "Everything starts afresh: messages, changes and groups of this sandbox go."),
      h("button", { type: "button", class: "panel-button primary", onclick: start }, "Start afresh"),
      h("button", { type: "button", class: "panel-button", onclick: () => ask(null, scene.id) }, "Leave it"),
    );
  return h(
    "li",
    {},
    h(
      "button",
      {
        type: "button",
        class: "weather-scene",
        "aria-current": playing ? "true" : null,
        "aria-expanded": String(asked),
        onclick: () => ask(asked ? null : scene.id, asked ? scene.id : null),
      },
      h(
        "span",
        { class: "weather-scene-title" },
        scene.title,
        playing ? h("span", { class: "weather-now" }, "playing now") : null,
      ),
      h("span", { class: "weather-scene-about" }, scene.about),
    ),
    asked ? question() : null,
  );
}
