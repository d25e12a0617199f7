// What the page knows, kept in step by one event stream; everything a person does goes out from here.

const known = new Map();
const watchers = new Set();
let source = null;

/** The person at the screen, a Slack user ID. */
export let person = localStorage.getItem("person") || "U0OPERATOR";

/** The value of one key, undefined where there is none. */
export function get(key) {
  return known.get(key);
}

/** Every [key, value] whose key starts with the prefix, in the order in which they arrived. */
export function entries(prefix) {
  return [...known].filter(([key]) => key.startsWith(prefix));
}

/** Calls back with the Set of changed keys after each batch that touches a prefix; returns an "off". */
export function watch(prefixes, callback) {
  const watcher = { prefixes: [prefixes].flat(), callback };
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** Look through somebody else's eyes from now on. */
export function become(id) {
  person = id;
  localStorage.setItem("person", id);
  connect();
}

/** Open the stream, anew where one is open; it comes back by itself after a cut. */
export function connect() {
  source?.close();
  source = new EventSource(`/live?person=${encodeURIComponent(person)}`);
  source.onopen = () => tell("link", "open");
  source.onerror = () => {
    tell("link", "lost");
    // A refused stream is closed for good, unlike a cut one.
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, 2000);
  };
  source.onmessage = (event) => take(JSON.parse(event.data));
}

/** Do something as the person; resolves to the answer, rejects with an Error whose message can be shown. */
export function act(body) {
  return post("/act", { person, ...body });
}

/** Turn one of the knobs behind the scenes: Uplynk, the weather, the scene, the bot's process. */
export function world(body) {
  return post("/world", body);
}

async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  }).catch(() => null);
  const content = await answer?.json().catch(() => null);
  if (!content) throw new Error("The sandbox does not answer.");
  if (!answer.ok) throw new Error(content.error);
  return content;
}

function tell(key, value) {
  known.set(key, value);
  call(new Set([key]));
}

function take(batch) {
  const changed = new Set(Object.keys(batch.set));
  const gone = batch.all ? [...known.keys()].filter((key) => key !== "link") : batch.gone;
  for (const key of gone) {
    known.delete(key);
    changed.add(key);
  }
  for (const [key, value] of Object.entries(batch.set)) known.set(key, value);
  call(changed);
}

function call(changed) {
  for (const { prefixes, callback } of [...watchers]) {
    const mine = [...changed].filter((key) => prefixes.some((prefix) => key.startsWith(prefix)));
    if (mine.length) callback(new Set(mine));
  }
}
