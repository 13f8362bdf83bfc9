// The live page: asks again and again for what has changed since the last answer, and puts it on the
// map and into the list beside it. Whatever the line or the server does, it says as of when it
// knows, and goes on by itself. Without this script the page is loaded again by the browser.

const EVERY_MS = 3000;
const LONGEST_MS = 60_000;
const PATIENCE_MS = 15_000;
const STALE_MS = 30_000; // without an answer for so long, the picture is said to be old

class Live {
  constructor(figure) {
    this.figure = figure;
    this.declared = JSON.parse(figure.querySelector("script").textContent);
    this.words = this.declared.words;
    this.status = document.querySelector("[data-as-of]");
    this.cursor = null;
    this.network = null;
    this.map = null;
    this.answeredAt = 0;
    this.pauseMs = EVERY_MS;
    this.rows = new Map();
    for (const row of document.querySelectorAll("tr[data-section]")) {
      this.rows.set(Number(row.dataset.section), row);
    }
    document.addEventListener("visibilitychange", () => document.hidden || this.ask());
    addEventListener("online", () => this.ask());
    setInterval(() => this.tellAge(), 1000);
    this.ask();
  }

  async ask() {
    clearTimeout(this.timer);
    if (document.hidden || this.asking) return;
    this.asking = true;
    try {
      await this.renew();
      this.pauseMs = EVERY_MS;
    } catch {
      this.pauseMs = Math.min(LONGEST_MS, this.pauseMs * 2); // the server may be starting again
    } finally {
      this.asking = false;
    }
    this.timer = setTimeout(() => this.ask(), this.pauseMs);
  }

  async renew() {
    const address = new URL(this.declared.changes, location.href);
    if (this.cursor !== null) address.searchParams.set("since", this.cursor);
    const found = await json(address);
    if (found.network !== this.network) {
      const drawn = await json(this.declared.network);
      await this.drawMap(drawn);
      this.network = drawn.network;
      if (this.cursor !== null) {
        this.cursor = null; // other streets: everything anew
        return this.renew();
      }
    }
    this.cursor = found.cursor;
    this.answeredAt = Date.now();
    this.asOf = found.as_of;
    this.map?.update(found);
    for (const one of found.sections) this.fill(this.rows.get(one.id), one);
    for (const [name, value] of Object.entries(found.counts)) {
      const shown = document.querySelector(`[data-count="${name}"]`);
      if (shown) shown.textContent = value;
    }
    this.vehicles(found);
    this.tasks(found);
    this.tellAge();
    return undefined;
  }

  async drawMap(drawn) {
    let library;
    try {
      library = await import(new URL("map.js", import.meta.url).href);
    } catch {
      return; // not built, or no modules: the list says the same
    }
    this.map?.remove();
    this.map = library.live(this.figure, drawn, this.words);
    if (this.map && this.declared.ways) this.offerWays(library);
  }

  /** A box to tick above the map: the tours of the plan in force, laid over the streets. */
  offerWays(library) {
    for (const old of this.figure.querySelectorAll("[data-ways], [data-chooser]")) old.remove();
    const label = document.createElement("label");
    label.dataset.ways = "";
    const box = document.createElement("input");
    box.type = "checkbox";
    label.append(box, ` ${this.words.ways}`);
    box.addEventListener("change", async () => {
      const list = document.querySelector("[data-plan-tours]");
      if (list) list.open = box.checked;
      const ways = box.checked ? await json(this.declared.ways).catch(() => null) : null;
      this.map.ways(box.checked ? ways : null);
      this.figure.querySelector("[data-chooser]")?.remove();
      if (!ways) return;
      const chooser = library.chooserOf(this.map.map, ways, this.words.every, this.words.heads[0]);
      chooser.dataset.chooser = "";
      label.after(chooser);
    });
    this.map.map.once("load", () => this.figure.prepend(label)); // before that nothing can be laid over
  }

  fill(row, { state, tone, pass, source, age }) {
    if (!row) return;
    const [stateCell, passCell] = [row.querySelector("[data-state]"), row.querySelector("[data-pass]")];
    stateCell.firstElementChild.textContent = state;
    stateCell.firstElementChild.dataset.tone = tone;
    write(passCell, pass || "—");
    write(row.querySelector("[data-source]"), source);
    row.dataset.age = age;
  }

  vehicles({ vehicles, whole }) {
    const body = document.querySelector("[data-vehicles] tbody");
    const rows = new Map([...body.rows].map((row) => [row.dataset.vehicle, row]));
    const heard = new Set();
    for (const { id, number, company, doing, at } of vehicles) {
      const row = rows.get(String(id)) ?? this.row(body, "vehicle", id, this.words.heads);
      [number, company, doing, at].forEach((text, n) => write(row.cells[n], text));
      heard.add(String(id));
    }
    if (whole) for (const [id, row] of rows) if (!heard.has(id)) row.remove();
    document.querySelector("[data-no-vehicles]").hidden = body.rows.length > 0;
  }

  row(body, kind, id, labels) {
    const row = body.insertRow();
    row.dataset[kind] = id;
    for (const label of labels) row.insertCell().dataset.label = label;
    return row;
  }

  tasks({ tasks }) {
    const told = JSON.stringify(tasks);
    if (told === this.toldTasks) return;
    this.toldTasks = told;
    const box = document.querySelector("[data-tasks]");
    const body = box.querySelector("tbody");
    const labels = [...box.querySelectorAll("th")].map((head) => head.textContent);
    body.replaceChildren();
    for (const { place, due, state, tone } of tasks) {
      const row = this.row(body, "task", place, labels);
      write(row.cells[0], place);
      write(row.cells[1], due || "—");
      const tag = document.createElement("span");
      tag.className = "tag";
      tag.dataset.tone = tone;
      tag.textContent = state;
      row.cells[2].append(tag);
    }
    box.hidden = !tasks.length;
  }

  tellAge() {
    if (!this.status || !this.answeredAt) return;
    const age = Date.now() - this.answeredAt;
    const stale = age > STALE_MS;
    const told = (stale ? this.words.stale : this.words.live).replace("{at}", this.asOf);
    const text = told.replace("{n}", Math.round(age / 1000));
    if (this.status.textContent !== text) this.status.textContent = text;
    this.status.dataset.tone = stale ? "bad" : "good";
  }
}

/** Only what is different: whoever has marked a word with the mouse keeps it. */
function write(cell, text) {
  if (cell.textContent !== text) cell.textContent = text;
}

async function json(address) {
  const answer = await fetch(address, {
    headers: { Accept: "application/json" },
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (answer.redirected) location.reload(); // signed out meanwhile
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

const figure = document.querySelector("[data-live-map]");
if (figure) new Live(figure);
