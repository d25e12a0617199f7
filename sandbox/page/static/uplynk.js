// The simulated Uplynk: all its failover groups in a list, and the chosen one large.

import { h, keep } from "./dom.js";
import { groupCard } from "./group.js";
import { entries, get, watch } from "./store.js";

const MOST_ROWS = 60;
const FAVOURITE = "Cup Final";

/** Fill the region with the list of groups and the chosen group; it keeps itself up to date. */
export function mountUplynk(root) {
  const choice = { id: localStorage.getItem("group"), wanted: "" };
  let due = false;
  const draw = () => {
    due = false;
    const groups = entries("group/")
      .map(([, group]) => group)
      .sort((a, b) => a.position - b.position);
    const chosen = pick(groups, choice.id);
    // Kept from now on, so that a group taken for its name stays when it is renamed.
    if (chosen) choice.id = chosen.id;
    list.draw(groups, chosen);
    card.draw(chosen);
    root.classList.toggle("is-empty", !chosen);
  };
  const soon = () => {
    if (!due) requestAnimationFrame(draw);
    due = true;
  };
  const choose = (id) => {
    choice.id = id;
    localStorage.setItem("group", id);
    draw();
  };
  const list = groupList(choice, choose, soon);
  const card = groupCard();
  root.classList.add("uplynk");
  root.replaceChildren(list.node, card.node);
  watch(["group/", "happened/", "stage"], soon);
  document.addEventListener("failover:group", (event) => {
    choice.id = event.detail.id;
    localStorage.setItem("group", choice.id);
    soon();
  });
  setInterval(card.tick, 1000);
  draw();
}

function pick(groups, id) {
  return groups.find((group) => group.id === id) || groups.find((group) => group.name === FAVOURITE) || groups[0] || null;
}

function groupList(choice, choose, redraw) {
  const count = h("span", { class: "up-count", role: "status" });
  const filter = h("input", {
    type: "search",
    class: "up-filter",
    placeholder: "Filter",
    "aria-label": "Filter failover groups",
    autocomplete: "off",
    spellcheck: "false",
    oninput: () => {
      choice.wanted = filter.value.trim().toLowerCase();
      redraw();
    },
  });
  const rows = h("ul", { class: "up-rows" });
  const more = h("p", { class: "up-more" });
  const node = h(
    "section",
    { class: "up-list", "aria-label": "Failover groups" },
    h("div", { class: "up-list-head" }, h("h2", {}, "Failover groups"), count, filter),
    rows,
    more,
  );
  const tell = (found, all) => {
    const rest = found - MOST_ROWS;
    count.textContent = choice.wanted ? `${found.toLocaleString()} of ${all.toLocaleString()}` : all.toLocaleString();
    filter.hidden = all < 6;
    more.hidden = rest <= 0 && found > 0;
    const none = choice.wanted ? "No group of that name." : waiting();
    more.textContent = rest > 0 ? `and ${rest.toLocaleString()} more: filter by name or Live Slicer` : none;
  };
  let shown = null;
  const draw = (groups, chosen) => {
    const found = groups.filter((group) => matches(group, choice.wanted));
    const drawn = found.slice(0, MOST_ROWS);
    // The chosen one is always in sight, however far down it is.
    if (found.length > MOST_ROWS && found.includes(chosen) && !drawn.includes(chosen)) drawn[MOST_ROWS - 1] = chosen;
    keep(rows, drawn, {
      key: (group) => group.id,
      version: (group) => JSON.stringify([group.name, group.mode, group.viewers, group.active_slicer_id, group === chosen]),
      make: (group, known) => row(group, group === chosen, known, choose),
    });
    if (chosen?.id !== shown) bringUp(rows, rows.querySelector("[aria-current]")?.parentNode);
    shown = chosen?.id;
    tell(found.length, groups.length);
  };
  return { node, draw };
}

// Not scrollIntoView, which would move the whole panel along.
function bringUp(list, item) {
  if (!item) return;
  const [top, bottom] = [item.offsetTop - list.offsetTop, item.offsetTop - list.offsetTop + item.offsetHeight];
  if (top < list.scrollTop) list.scrollTop = top;
  else if (bottom > list.scrollTop + list.clientHeight) list.scrollTop = bottom - list.clientHeight;
}

function waiting() {
  const stage = get("stage");
  if (stage?.state === "failed") return stage.problem || "The scene could not start.";
  return stage?.state === "ready" ? "Uplynk has no failover groups." : "Uplynk is starting…";
}

function matches(group, wanted) {
  return (
    !wanted ||
    group.name.toLowerCase().includes(wanted) ||
    group.slicers.some((one) => one.slicer_id.toLowerCase().includes(wanted))
  );
}

function row(group, chosen, known, choose) {
  const li = known || h("li", {}, h("button", { type: "button", class: "up-row", onclick: () => choose(group.id) }));
  const serves = group.on_slate
    ? "slate"
    : group.viewers === "black"
      ? `${group.active_slicer_id} is down`
      : group.active_slicer_id;
  const button = li.firstChild;
  button.replaceChildren(
    h("span", { class: `up-light ${group.viewers}`, "aria-hidden": "true" }),
    h("span", { class: "up-name", title: group.name }, group.name),
    h("span", { class: "up-mode" }, group.mode),
    h(
      "span",
      { class: `up-serves ${group.viewers}`, title: serves },
      h("span", { class: "visually-hidden" }, "serves: "),
      serves,
    ),
  );
  if (chosen) button.setAttribute("aria-current", "true");
  else button.removeAttribute("aria-current");
  return li;
}
