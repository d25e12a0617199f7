// What all elements share: the value that Slack holds for them, and how they act on it.

import { confirmed } from "./confirm.js";
import { act } from "./store.js";
import { toast } from "./toast.js";

const KEYS = {
  plain_text_input: "value",
  email_text_input: "value",
  url_text_input: "value",
  number_input: "value",
  static_select: "selected_option",
  external_select: "selected_option",
  radio_buttons: "selected_option",
  checkboxes: "selected_options",
  multi_static_select: "selected_options",
  multi_external_select: "selected_options",
  users_select: "selected_user",
  multi_users_select: "selected_users",
  conversations_select: "selected_conversation",
  multi_conversations_select: "selected_conversations",
  channels_select: "selected_channel",
  multi_channels_select: "selected_channels",
  datepicker: "selected_date",
  timepicker: "selected_time",
  datetimepicker: "selected_date_time",
};
const pending = new WeakMap();

/** What an element holds now; its initial value where nothing is known of it. `place` is {slot, block, element}. */
export function held({ slot, block, element }) {
  const key = KEYS[element.type];
  const entry = slot.ctx.values?.[block.block_id]?.[element.action_id];
  if (entry && key in entry) return entry[key];
  return element[key === "value" ? "initial_value" : key.replace("selected_", "initial_")] ?? null;
}

/** Act as the person; `node` shows that it is at work for as long as that takes. Null where it was refused. */
export async function perform({ slot, block, element }, node, body) {
  pending.set(node, (pending.get(node) || 0) + 1);
  node.setAttribute("aria-busy", "true");
  const { on } = slot.ctx;
  try {
    const answer = await act({ on, block_id: block.block_id, action_id: element.action_id, ...body });
    // A view says by itself that the app did not answer; a message has no place for that.
    if (answer.failure && on.message && body.do !== "search") toast(answer.failure, "bad");
    return answer;
  } catch (error) {
    if (node.isConnected) toast(error.message, "bad");
    return null;
  } finally {
    pending.set(node, pending.get(node) - 1);
    if (!pending.get(node)) node.removeAttribute("aria-busy");
  }
}

/** Keep a control in step: Slack's value counts where it changes, never against a choice still on its way. */
export function follow(place, node, show) {
  let seen = JSON.stringify(held(place));
  let underWay = 0;
  show(held(place));
  return {
    refresh() {
      const now = JSON.stringify(held(place));
      if (now === seen) return;
      seen = now;
      if (!underWay) show(held(place));
    },
    async choose(value) {
      if (!(await confirmed(place.element.confirm, place.slot.ctx.names))) return show(held(place));
      underWay += 1;
      node.dispatchEvent(new CustomEvent("control:changed", { bubbles: true }));
      const answer = await perform(place, node, { do: "choose", value });
      underWay -= 1;
      if (!answer) show(held(place));
    },
  };
}
