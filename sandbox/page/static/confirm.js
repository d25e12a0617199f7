// Slack's "are you sure": a small dialog that an element may ask for before it acts.

import { h } from "./dom.js";
import { textObject } from "./mrkdwn.js";
import { newId, raise } from "./overlay.js";

/** Ask what a confirm object says; true at once where there is none. */
export function confirmed(confirm, names) {
  if (!confirm) return Promise.resolve(true);
  return new Promise((resolve) => {
    const answer = (yes) => {
      lower();
      resolve(yes);
    };
    const { dialog, first } = draw(confirm, names, answer);
    const lower = raise(dialog, () => answer(false));
    first.focus();
  });
}

function draw(confirm, names, answer) {
  const [title, text] = [newId("confirm-title"), newId("confirm-text")];
  const style = confirm.style === "danger" ? "danger" : "primary";
  const deny = h("button", { type: "button", class: "sl-button", onclick: () => answer(false) }, words(confirm.deny, names, "Cancel"));
  const yes = h("button", { type: "button", class: `sl-button ${style}`, onclick: () => answer(true) }, words(confirm.confirm, names, "Yes"));
  const dialog = h("div", { class: "confirm", role: "alertdialog", "aria-labelledby": title, "aria-describedby": text, tabindex: "-1" },
    h("h2", { id: title }, words(confirm.title, names, "Are you sure?")),
    h("div", { id: text, class: "confirm-text" }, textObject(confirm.text, names)),
    h("div", { class: "confirm-foot" }, deny, yes));
  // What can't be taken back should not be one careless Return away.
  return { dialog, first: style === "danger" ? deny : yes };
}

function words(object, names, otherwise) {
  return object ? textObject(object, names) : otherwise;
}
