// The app's Home tab as it was published for the person.

import { blocks } from "./blocks.js";
import { h, keep } from "./dom.js";
import { avatar } from "./icons.js";
import { go, here, onPlace } from "./place.js";
import { act, get, person, watch } from "./store.js";
import { toast } from "./toast.js";

/** Draw the tab; coming to it tells the app, as opening it in Slack does. */
export function mountHome(root) {
  let open = "";
  const draw = () => {
    const { home, channel } = here();
    const now = home && channel ? channel.id : "";
    root.hidden = !home;
    if (now && now !== open) act({ do: "home" }).catch((error) => toast(error.message, "bad"));
    open = now;
    if (!home) return;
    const item = { view: get("home") || null, names: get("names"), person };
    keep(root, [item], { key: () => "home", version: JSON.stringify, make });
  };
  watch(["home", "names", "channels"], draw);
  onPlace(draw);
}

function make({ view, names }) {
  if (!view) return empty(names);
  const ctx = { names, on: { view: view.id }, values: view.values || {}, errors: view.errors || {} };
  return h("div", { class: "home-view" }, view.warning && h("p", { class: "failure-line" }, view.warning), blocks(view.blocks, ctx));
}

function empty(names) {
  const name = names?.people[names.bot] || "Failover";
  return h("div", { class: "home-empty" },
    avatar("bot", name, "bot"),
    h("h3", {}, `${name} has not published a Home tab yet`),
    h("p", {}, "An app draws this page for each person. Until it does, its command says it all."),
    h("button", { type: "button", class: "plain-button", onclick: () => go("messages") }, "Go to Messages"));
}
