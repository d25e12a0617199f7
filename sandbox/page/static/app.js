// The front door of the page: puts its parts in their places and opens the stream.

import { mountComposer } from "./composer.js";
import { mountConversation } from "./conversation.js";
import { mountHead } from "./head.js";
import { mountHome } from "./home.js";
import { mountModal } from "./modal.js";
import { mountNotice } from "./notice.js";
import { mountPanes } from "./panes.js";
import { go } from "./place.js";
import { mountRail } from "./rail.js";
import { become, connect } from "./store.js";
import { mountTour } from "./tour.js";
import { mountUplynk } from "./uplynk.js";
import { mountWeather } from "./weather.js";
import { mountWire } from "./wire.js";

const PARTS = [
  ["#rail", mountRail],
  ["#place", mountHead],
  ["#notice", mountNotice],
  ["#conversation", mountConversation],
  ["#home", mountHome],
  ["#composer", mountComposer],
  ["#uplynk", mountUplynk],
  ["#weather", mountWeather],
  ["#wire", mountWire],
  ["#tour", mountTour],
  ["#modals", mountModal],
  ["#panes", mountPanes],
];

for (const [root, mount] of PARTS) mount(document.querySelector(root));
document.addEventListener("failover:person", (event) => become(event.detail.id));
document.addEventListener("failover:place", (event) => {
  go(event.detail);
  document.dispatchEvent(new CustomEvent("failover:pane", { detail: "slack" }));
});
connect();
