// One story of the telephone's queue in node: a store in memory, a server that may lose answers.
// Reads the story as JSON from its arguments, prints what the server has stored at the end.

import { newKey, Queue } from "../../frontend/queue.js";

class Memory {
  entries = new Map();
  all = async () => [...this.entries.values()].map((one) => ({ ...one }));
  put = async (entry) => void this.entries.set(entry.key, entry);
  remove = async (key) => void this.entries.delete(key);
}

// `answers` says what becomes of each attempt: "offline", "lost" (stored, answer lost) or a status.
const { answers, reports } = JSON.parse(process.argv[2]);
const stored = new Map();
let attempts = 0;

async function send({ key, title }) {
  const fate = answers[attempts++] ?? 201;
  if (fate === "offline") throw new TypeError("no network");
  if (fate === "lost" || fate < 300) stored.set(key, [...(stored.get(key) ?? []), title]);
  if (fate === "lost") throw new TypeError("no answer");
  return { status: fate, faults: fate === 422 ? ["请改正。"] : [] };
}

const store = new Memory();
let queue = new Queue(store, send);
for (const title of reports) {
  await queue.add({ key: newKey(), title, at: attempts });
  await Promise.all([queue.flush(), queue.flush()]); // two triggers at once make one run
}
const waited = (await queue.waiting()).length;
const pauseMs = queue.pauseMs;
queue = new Queue(store, send); // the tab was closed and opened again
for (let n = 0; n < 5; n++) await queue.flush();
const left = await queue.entries();
console.log(
  JSON.stringify({
    waited,
    pauseMs,
    attempts,
    left: left.map(({ title, state, faults }) => ({ title, state, faults })),
    stored: [...stored.values()].map((titles) => [...new Set(titles)]).flat(),
    keys: stored.size,
  }),
);
