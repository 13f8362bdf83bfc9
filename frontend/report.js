// Reports from a telephone on a weak network: a form marked [data-queued] is put into a queue in the
// browser (IndexedDB) and sent from there, now or when there is a network again. Without this script
// the same form is sent the ordinary way. The queue itself is in queue.js.

import { FAULTY, newKey, Queue } from "./queue.js";

const LARGEST = 1_500_000; // bytes of a photo that is sent as it is
const LONG_SIDE = 1600; // px of one that is not
const PATIENCE_MS = 30_000; // for one answer

class Store {
  static open() {
    return new Promise((done, failed) => {
      const asked = indexedDB.open("bihuan-reports", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("entries", { keyPath: "key" });
      asked.onsuccess = () => done(new Store(asked.result));
      asked.onerror = () => failed(asked.error);
    });
  }

  constructor(database) {
    this.database = database;
  }

  run(mode, act) {
    return new Promise((done, failed) => {
      const work = this.database.transaction("entries", mode);
      const asked = act(work.objectStore("entries"));
      work.oncomplete = () => done(asked.result);
      work.onerror = work.onabort = () => failed(work.error);
    });
  }

  put(entry) {
    return this.run("readwrite", (entries) => entries.put(entry));
  }

  remove(key) {
    return this.run("readwrite", (entries) => entries.delete(key));
  }

  async all() {
    const found = await this.run("readonly", (entries) => entries.getAll());
    return found.sort((one, other) => one.at - other.at);
  }
}

async function send({ url, fields }) {
  const body = new FormData();
  for (const [name, value] of fields) {
    if (value instanceof Blob) body.append(name, value, value.name);
    else body.append(name, value);
  }
  body.set("csrfmiddlewaretoken", cookie("csrftoken") ?? "");
  const answer = await fetch(url, {
    method: "POST",
    body,
    headers: { Accept: "application/json" },
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  // A page instead of an answer: signed out meanwhile, and led to the sign-in page.
  const json = answer.headers.get("Content-Type")?.startsWith("application/json");
  if (answer.redirected) return { status: 401 };
  return { status: answer.status, faults: json ? (await answer.json()).faults : [] };
}

function cookie(name) {
  const found = document.cookie.split("; ").find((one) => one.startsWith(`${name}=`));
  return found?.slice(name.length + 1);
}

/** A photo small enough for a weak network; as it is where the browser cannot make it smaller. */
async function lighter(file) {
  if (!(file instanceof File) || file.size <= LARGEST || !file.type.startsWith("image/")) return file;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LONG_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  } catch {
    return file;
  }
}

class Page {
  constructor(store, box) {
    this.box = box;
    this.words = JSON.parse(box.querySelector("script").textContent);
    this.queue = new Queue(store, send, () => this.show());
    this.timer = 0;
    document.addEventListener("submit", (event) => this.submitted(event), true);
    addEventListener("online", () => {
      this.queue.hopeful();
      this.go();
    });
    addEventListener("offline", () => this.show());
    document.addEventListener("visibilitychange", () => document.hidden || this.go());
    this.show();
    this.go();
  }

  async submitted(event) {
    const form = event.target;
    if (!form.matches("form[data-queued]")) return;
    event.preventDefault();
    event.stopPropagation();
    if (form.dataset.taken) return; // a second tap while the photo is made smaller
    form.dataset.taken = "yes";
    try {
      const fields = [];
      for (const [name, value] of new FormData(form)) {
        if (name === "csrfmiddlewaretoken" || (value instanceof File && !value.size)) continue;
        if (name === "written_ms") continue;
        fields.push([name, await lighter(value)]);
      }
      if (form.elements.written_ms) fields.push(["written_ms", String(Date.now())]);
      const key = form.elements.client_key.value;
      const title = form.dataset.queued;
      await this.queue.add({ key, url: form.action, fields, title, at: Date.now() });
      form.reset();
      form.elements.client_key.value = newKey();
      this.say(this.words.kept);
    } finally {
      delete form.dataset.taken;
    }
    this.go();
  }

  /** Send what waits now, and again later where something is left. */
  async go() {
    clearTimeout(this.timer);
    const before = (await this.queue.entries()).length;
    const empty = await this.queue.flush();
    if (before && !(await this.queue.entries()).length) this.say(this.words.sent);
    else if (empty) this.say("");
    if (!empty) this.timer = setTimeout(() => this.go(), this.queue.pauseMs);
  }

  say(sentence) {
    this.box.querySelector("[role=status]").textContent = sentence;
  }

  async show() {
    const entries = await this.queue.entries();
    const waiting = entries.filter(({ state }) => state !== FAULTY).length;
    const list = this.box.querySelector("ul");
    this.box.hidden = false;
    const faulty = entries.length - waiting;
    const counted = waiting ? this.words.waiting : faulty ? this.words.faulty : this.words.none;
    const title = counted.replace("{n}", waiting || faulty);
    this.box.querySelector("h2").textContent = title;
    this.box.dataset.tone = faulty ? "bad" : waiting ? "warn" : "good";
    list.replaceChildren(...entries.map((entry) => this.line(entry)));
    const why = this.queue.signedOut ? this.words.signedOut : navigator.onLine ? "" : this.words.offline;
    this.box.querySelector("p").textContent = waiting ? why || this.words.trying : why;
  }

  line({ key, title, at, state, faults }) {
    const line = document.createElement("li");
    const time = new Date(at).toLocaleTimeString(document.documentElement.lang, {
      hour: "2-digit",
      minute: "2-digit",
    });
    line.append(`${title} · ${time}`);
    if (state === FAULTY) {
      const said = document.createElement("p");
      said.className = "fault";
      said.textContent = faults.join(" ") || this.words.refused;
      const button = (label, act) => {
        const made = document.createElement("button");
        made.className = "small";
        made.textContent = label;
        made.addEventListener("click", act);
        return made;
      };
      line.append(
        said,
        button(this.words.edit, () => this.edit(key)),
        button(this.words.drop, () => this.queue.drop(key)),
      );
    }
    return line;
  }

  /** Back into its form, all but the photo, which a page may not choose for anybody. */
  async edit(key) {
    const entry = (await this.queue.entries()).find((one) => one.key === key);
    const form = [...document.querySelectorAll("form[data-queued]")].find(
      (one) => one.action === entry?.url,
    );
    if (!form) return;
    for (const [name, value] of entry.fields) {
      const field = form.elements[name];
      if (typeof value === "string" && field && name !== "client_key") field.value = value;
    }
    await this.queue.drop(key);
    form.closest("details")?.setAttribute("open", "");
    form.scrollIntoView();
  }
}

async function begin() {
  const box = document.querySelector("[data-queue]");
  if (!box) return;
  let store;
  try {
    store = await Store.open();
  } catch {
    return; // a browser that keeps nothing: the forms are sent the ordinary way
  }
  new Page(store, box);
  // Only where it can be had (HTTPS, or this machine): the page then opens without a network too.
  navigator.serviceWorker?.register(box.dataset.worker).catch(() => {});
}

begin();
