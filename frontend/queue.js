// What waits to be sent: kept in a store that survives a closed tab, sent in order, each until the
// server has said that it is stored. Every entry carries a key of its own, made once, so that an
// answer that was lost on the way does no harm: the server knows the key and stores nothing twice.
//
// Plain logic: what stores and what sends is handed in (`report.js` in a browser, a test in node).

export const WAITING = "waiting"; // will be sent again by itself
export const FAULTY = "faulty"; // refused for what it says: somebody must look at it
const FIRST_MS = 3000;
const LONGEST_MS = 120_000;

export class Queue {
  /**
   * `store`: all() → entries in order, put(entry), remove(key), each a promise.
   * `send`: (entry) → promise of {status, faults}; throws where nobody answered.
   */
  constructor(store, send, changed = () => {}) {
    this.store = store;
    this.send = send;
    this.changed = changed;
    this.flushing = null;
    this.pauseMs = FIRST_MS;
    this.signedOut = false;
  }

  async add(entry) {
    await this.store.put({ ...entry, state: WAITING, faults: [] });
    this.changed();
  }

  async drop(key) {
    await this.store.remove(key);
    this.changed();
  }

  entries() {
    return this.store.all();
  }

  async waiting() {
    return (await this.entries()).filter(({ state }) => state === WAITING);
  }

  /** Send what waits, one after another; true where nothing waits any more. One run at a time. */
  flush() {
    this.flushing ??= this.run().finally(() => (this.flushing = null));
    return this.flushing;
  }

  async run() {
    for (const entry of await this.waiting()) {
      let answer;
      try {
        answer = await this.send(entry);
      } catch {
        return this.later(); // no network, or the answer was lost: the key makes both the same
      }
      this.signedOut = answer.status === 401 || answer.status === 403;
      if (answer.status >= 200 && answer.status < 300) {
        await this.store.remove(entry.key);
      } else if (answer.status === 409 || answer.status === 422 || answer.status === 413) {
        await this.store.put({ ...entry, state: FAULTY, faults: answer.faults ?? [] });
      } else {
        return this.later();
      }
      this.pauseMs = FIRST_MS;
      this.changed();
    }
    return true;
  }

  /** The network is said to be back: no reason to be patient any more. */
  hopeful() {
    this.pauseMs = FIRST_MS;
  }

  later() {
    this.pauseMs = Math.min(LONGEST_MS, this.pauseMs * 2);
    this.changed();
    return false;
  }
}

/** 128 random bits as text; without `crypto.randomUUID`, which plain HTTP does not have. */
export function newKey() {
  const bits = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bits, (one) => one.toString(16).padStart(2, "0")).join("");
}
