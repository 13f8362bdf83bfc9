// The rater's page: from a scanned code to a receipt. What is stored decides which screen comes
// next (`go`), so a reload, a second tab or a second phone goes on where the first one stopped.

import { readKey } from "./blind.js";
import { fromHex, random, toBase64, toHex } from "./bytes.js";
import { isCode, newCode, normal } from "./codes.js";
import { h, show } from "./dom.js";
import { Door, pause } from "./door.js";
import { blanks, encode } from "./paper.js";
import { leafOf, seal } from "./seal.js";
import { Store } from "./store.js";
import { derive, proof, unblind } from "./token.js";
import * as begin from "./screens-begin.js";
import * as end from "./screens-end.js";
import * as rate from "./screens-rate.js";

const OVER = ["closed", "counted", "done"];
const ASK_AGAIN_MS = 3000; // while a second signer has not answered

export function start(main) {
  const paper = JSON.parse(document.getElementById("ballot").textContent);
  const rater = new Rater(main, paper);
  const scanned = () => rater.open(decodeURIComponent(location.hash.slice(1)));
  window.addEventListener("hashchange", scanned);
  rater.watch();
  scanned();
}

export class Rater {
  constructor(main, paper) {
    this.main = main;
    this.paper = paper;
    this.phase = paper.phase;
    this.turnout = null;
    this.box = fromHex(paper.box);
    this.store = new Store(paper.box);
    this.door = new Door(paper.urls, document.documentElement.lang);
    this.early = false; // fills the paper in before casting opens
    this.view = "";
    this.look = () => {};
    this.store.onChange(() => this.elsewhere());
    if (paper.kind === "opinions") {
      paper.subjects = [{ code: "body", name: this.say("body") }, ...paper.subjects];
    }
  }

  say(key, values = {}) {
    return this.paper.words[key].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }

  show({ title, above = h("p", { class: "kicker" }, this.paper.title) }, ...children) {
    show(this.main, { title, above }, ...children);
  }

  get now() {
    return this.store.read().now;
  }

  get over() {
    return OVER.includes(this.phase);
  }

  keys(category) {
    return this.paper.categories[category].keys.map(readKey);
  }

  // What a scanned or typed code means for what this phone already holds.
  open(code) {
    const { now, receipts } = this.store.read();
    if (!code) return this.go();
    if (!isCode(code)) return begin.code(this, code, [this.say("code_wrong")]);
    if (now && now.code === normal(code)) return this.go();
    if (now) return begin.other(this, code);
    if (receipts.length) return end.receipt(this, code);
    return this.take(code);
  }

  async take(code) {
    begin.busy(this, "asking");
    const body = JSON.stringify({ ticket: normal(code) });
    const { status, said } = await this.door.ask("right", body, (told) => begin.waiting(this, told));
    if (status !== 200) return begin.code(this, code, this.told(said));
    this.early = false;
    this.store.change((state) => {
      const { kind, category } = said;
      state.now = { kind, category, code: normal(code), marks: {}, remarks: {}, at: 0 };
    });
    return this.go();
  }

  // The screen that the stored state asks for.
  go() {
    // The code is kept where it belongs; in the address the next person could read it.
    if (location.hash) history.replaceState(null, "", location.pathname + location.search);
    const { now, receipts } = this.store.read();
    if (!now) return receipts.length ? end.receipt(this) : begin.code(this);
    if (now.cast) return this.send();
    if (this.over) return end.tooLate(this);
    if (now.kind === "ticket" && !now.signatures) {
      return now.noted ? this.activate() : this.offerResume();
    }
    if (this.phase !== "casting" && !this.early) {
      begin.wait(this, now);
      return this.look();
    }
    return now.at >= this.paper.subjects.length ? rate.review(this) : rate.unit(this, now.at);
  }

  to(at) {
    this.change((now) => {
      now.at = at;
    });
    this.go();
  }

  change(make) {
    return this.store.change((state) => state.now && make(state.now)).now;
  }

  offerResume() {
    const { resume } = this.change((now) => {
      now.resume = now.resume ?? newCode();
    });
    begin.resume(this, resume);
  }

  // Take the resume code, then ask for the signatures: another phone with both asks for the same.
  resumeWith(code) {
    this.change((now) => {
      now.noted = true;
      now.resume = normal(code);
    });
    this.activate();
  }

  async activate() {
    const { code, resume, category } = this.now;
    begin.busy(this, "activating");
    const keys = this.keys(category);
    const token = await derive(resume, code, this.box, category, keys);
    const body = JSON.stringify({ ticket: code, z: token.blinded.map(({ value }) => toHex(value)) });
    let answer;
    for (;;) {
      answer = await this.door.ask("issue", body, (told) => begin.waiting(this, told));
      if (answer.status !== 202) break;
      begin.waiting(this, [this.say("waiting_second")]);
      await pause(ASK_AGAIN_MS);
    }
    if (answer.status !== 200) return begin.notActivated(this, this.told(answer.said));
    try {
      const signatures = unblind(token, keys, answer.said.signatures.map(fromHex)).map(toHex);
      this.change((now) => {
        if (now.code === code) now.signatures = signatures;
      });
    } catch {
      return begin.notActivated(this, [this.say("bad_signature")]);
    }
    return this.go();
  }

  // Seal once, keep the bytes, then send: whatever happens on the way, the same bytes go again.
  async submit() {
    const now = this.now;
    if (!now || now.cast) return this.go();
    if (this.paper.blanks !== "count" && blanks(this.paper, now.marks).length) return rate.review(this);
    end.sending(this);
    const { category } = now;
    const plain = encode(this.paper, category, now.marks, now.remarks, toHex(random(16)));
    const blob = seal(fromHex(this.paper.seal), plain, this.box, category);
    const said = { category, blob: toBase64(blob), ...(await this.shownRight(now, blob)) };
    const cast = { body: JSON.stringify(said), leaf: toHex(leafOf(category, blob)) };
    this.change((newest) => {
      newest.cast = newest.cast ?? cast; // another tab may have been quicker
    });
    return this.send();
  }

  async shownRight({ kind, code, resume, category, signatures }, blob) {
    if (kind === "slip") return { slip: code };
    const token = await derive(resume, code, this.box, category, this.keys(category));
    return {
      pub: toHex(token.pub),
      prefix: toHex(token.prefix),
      signatures,
      proof: toHex(proof(token.secret, this.box, category, blob)),
    };
  }

  async send() {
    const cast = this.now?.cast;
    if (!cast) return this.go();
    end.sending(this);
    const { status, said } = await this.door.ask("cast", cast.body, (told) => begin.waiting(this, told));
    if (this.now?.cast?.leaf !== cast.leaf) return this.go(); // settled by another tab
    if (status !== 200) return end.refused(this, this.told(said));
    const { receipt: leaf, size, root, signature } = said;
    this.store.settle({ leaf, size, root, signature, asMade: leaf === cast.leaf });
    return this.go();
  }

  // A refused ballot goes back to its marks; they are sealed anew when they are sent again.
  reopen() {
    this.change((now) => {
      delete now.cast;
    });
    this.early = true;
    this.to(this.paper.subjects.length);
  }

  forget() {
    this.store.forget();
    this.go();
  }

  told(said) {
    return said.sentences?.length ? said.sentences : [this.say("broken")];
  }

  // Another tab changed the store: what it settled or forgot is settled or forgotten here.
  elsewhere() {
    const { now } = this.store.read();
    if (!now && ["wait", "unit", "review", "refused", "resume"].includes(this.view)) this.go();
  }

  async watch() {
    for (;;) {
      const answer = await this.door.once("state");
      if (answer?.status === 200) this.heard(answer.said);
      await this.rest();
    }
  }

  // Jittered, so that a hall of phones does not ask at one moment; at once when the phone wakes.
  rest() {
    const soon = ["wait", "review"].includes(this.view) && !this.over;
    const ms = (soon ? 6000 : 20000) * (1 + Math.random() / 2);
    return new Promise((done) => {
      const wake = () => {
        if (document.visibilityState === "hidden") return;
        document.removeEventListener("visibilitychange", wake);
        done();
      };
      this.look = wake; // whoever comes to wait wants to know now
      document.addEventListener("visibilitychange", wake);
      setTimeout(wake, ms);
    });
  }

  heard({ phase, cast }) {
    const moved = phase !== this.phase;
    this.phase = phase;
    this.turnout = cast;
    if (this.view === "receipt") end.tellTurnout(this);
    if (!moved) return;
    if (this.view === "wait" || this.view === "review") this.go();
    else if (this.view === "unit" && this.over) this.go();
  }
}
