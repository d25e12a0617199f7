// Turning a knob behind the scenes, with the refusal shown to whoever turned it.

import { world } from "./store.js";
import { toast } from "./toast.js";

/** Do one thing to the world; resolves to whether it was done. */
export async function turn(body) {
  try {
    await world(body);
    return true;
  } catch (error) {
    toast(error.message, "bad");
    return false;
  }
}
