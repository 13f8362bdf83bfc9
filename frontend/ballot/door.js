// The server's doors. No cookie goes along, nothing is cached, and whatever fails on the way is
// asked again with the very same bytes until there is an answer.

const PATIENCE_MS = 15000;
const SLOWEST_MS = 10000;

export class Door {
  constructor(urls, language, { wait = pause, fetch = window.fetch.bind(window) } = {}) {
    this.urls = urls;
    this.language = language;
    this.wait = wait;
    this.fetch = fetch;
  }

  // {status, said}. `onWait(sentences)` hears of each failed try, with what the server said of it.
  async ask(door, body, onWait = () => {}) {
    for (let tries = 0; ; tries += 1) {
      const answer = await this.once(door, body);
      if (answer && answer.status < 500 && answer.status !== 429) return answer;
      onWait(answer?.said.sentences ?? []);
      // Full jitter: a thousand phones that lost the same network do not come back at once.
      await this.wait(Math.min(SLOWEST_MS, 1000 * 2 ** tries) * (0.5 + Math.random() / 2));
    }
  }

  async once(door, body) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
    const url = `${this.urls[door]}?lang=${encodeURIComponent(this.language)}`;
    try {
      const answer = await this.fetch(url, {
        method: body === undefined ? "GET" : "POST",
        headers: body === undefined ? {} : { "Content-Type": "application/json" },
        body,
        credentials: "omit",
        cache: "no-store",
        referrerPolicy: "no-referrer",
        signal: stop.signal,
      });
      const said = await answer.json().catch(() => null);
      // A sign-in page of the hall's network answers 200 with something else.
      if (said === null && answer.status < 400) return null;
      return { status: answer.status, said: said ?? {} };
    } catch {
      return null; // no network, no time, or something on the way that is not our server
    } finally {
      clearTimeout(timer);
    }
  }
}

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));
