// The only file that knows pdf.js: shows a scheme's pages one by one, or two versions side by side,
// with pins on them, and lets a rectangle be drawn into the form on the page. Pictures need no
// library. Without this script there are the links to the files and the list of opinions.
//
// Nothing of a PDF is run: pdf.js has no script engine unless one is given to it, its own code needs
// no eval since version 6, and forms and annotations are not built. Fonts and character maps come
// from our own server; WebAssembly is off, since the content policy allows none.

import {
  AnnotationMode,
  getDocument,
  GlobalWorkerOptions,
  VerbosityLevel,
} from "pdfjs-dist/legacy/build/pdf.mjs";

const LIBRARY = new URL("pdf/", import.meta.url).href;
GlobalWorkerOptions.workerSrc = new URL("viewer-worker.js", import.meta.url).href;

const MOST_PIXELS = 16e6; // of one canvas: more, and a telephone gives up
const STEP = 1.25;
const ZOOM = [0.25, 8];
const NUDGE = 0.01; // of a page, by an arrow key

/** Build the viewer at the top of `figure`. */
export function draw(figure, declared) {
  new Viewer(figure, declared);
  return true;
}

class Viewer {
  constructor(figure, { sides, pairs, draws, start, words }) {
    this.words = words;
    this.spreads = pairs?.length ? pairs : spreadsOf(sides);
    this.at = Math.max(0, (start ?? 1) - 1);
    this.zoom = 1;
    this.stage = element("div", { className: "stage", tabIndex: 0 });
    this.stage.setAttribute("role", "group");
    this.stage.setAttribute("aria-label", `${words.view}. ${words.keys}`);
    this.sides = sides.map((side) => new Side(side, words));
    this.stage.append(...this.sides.map((side) => side.box));
    this.said = element("p", { className: "said" });
    this.said.setAttribute("role", "status");
    this.bar = this.toolbar(draws);
    figure.prepend(this.bar, this.said, this.stage);
    if (draws) this.pen = new Pen(this);
    this.stage.addEventListener("keydown", (event) => this.key(event));
    addEventListener("hashchange", () => this.follow());
    new ResizeObserver(later(() => this.show(), 150)).observe(this.stage);
    if (!this.follow()) this.show();
  }

  toolbar(draws) {
    const button = (label, act, sign) => {
      const made = element("button", { type: "button", textContent: sign ?? label, title: label });
      if (sign) made.setAttribute("aria-label", label);
      made.addEventListener("click", act);
      return made;
    };
    const w = this.words;
    this.number = element("input", { type: "number", min: 1, max: this.spreads.length, value: 1 });
    this.number.setAttribute("aria-label", w.page);
    this.number.addEventListener("change", () => this.go(this.number.value - 1));
    const total = element("span", { textContent: w.of.replace("{n}", this.spreads.length) });
    const bar = element("div", { className: "bar" });
    bar.append(
      button(w.before, () => this.go(this.at - 1), "‹"),
      this.number,
      total,
      button(w.after, () => this.go(this.at + 1), "›"),
      button(w.further, () => this.scale(this.zoom / STEP), "−"),
      button(w.closer, () => this.scale(this.zoom * STEP), "+"),
      button(w.whole, () => this.whole()),
    );
    if (draws) {
      this.drawButton = button(w.draw, () => this.pen.toggle());
      this.drawButton.setAttribute("aria-pressed", "false");
      bar.append(this.drawButton);
    }
    return bar;
  }

  go(place) {
    const next = Math.min(this.spreads.length - 1, Math.max(0, Number(place) || 0));
    if (next === this.at) return (this.number.value = next + 1);
    this.at = next;
    this.pen?.clear();
    this.show();
  }

  /** The page that the address names: of the newest side. */
  follow() {
    const named = Number(/^#page=(\d+)/.exec(location.hash)?.[1]);
    const place = this.spreads.findIndex((spread) => spread[spread.length - 1] === named);
    if (place < 0) return false;
    this.at = place;
    this.show();
    return true;
  }

  scale(zoom) {
    this.zoom = Math.min(ZOOM[1], Math.max(ZOOM[0], zoom));
    this.show();
  }

  /** As large as a whole page fits into what is seen. */
  whole() {
    const { width, height } = this.room();
    const ratio = Math.max(...this.sides.map((side, n) => side.ratio(this.spreads[this.at][n])));
    this.scale(Math.min(1, height / (width * ratio)));
  }

  room() {
    const width = Math.max(120, this.sides[0].box.clientWidth);
    return { width, height: Math.max(200, innerHeight * 0.75) };
  }

  show() {
    this.number.value = this.at + 1;
    const { width } = this.room();
    this.sides.forEach((side, n) => side.show(this.spreads[this.at][n], width * this.zoom));
    this.pen?.follow();
  }

  key(event) {
    if (event.target !== this.stage || event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.pen?.key(event)) return event.preventDefault();
    const acts = {
      ArrowLeft: () => this.go(this.at - 1),
      PageUp: () => this.go(this.at - 1),
      ArrowRight: () => this.go(this.at + 1),
      PageDown: () => this.go(this.at + 1),
      Home: () => this.go(0),
      End: () => this.go(this.spreads.length - 1),
      "+": () => this.scale(this.zoom * STEP),
      "=": () => this.scale(this.zoom * STEP),
      "-": () => this.scale(this.zoom / STEP),
      0: () => this.whole(),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  }
}

/** One version: its files, the page that is shown, its pins and changed regions. */
class Side {
  constructor({ label, files, pins, pages, regions }, words) {
    Object.assign(this, { files, pins, pages, words, regions: regions ?? {} });
    this.opened = new Map();
    this.box = element("div", { className: "side" });
    this.caption = element("p", { className: "caption" });
    this.label = label;
    this.leaf = element("div", { className: "leaf" });
    const scroll = element("div", { className: "scroll" });
    scroll.append(this.leaf);
    this.box.append(this.caption, scroll);
  }

  place(page) {
    const file = this.files.find((each) => page >= each.first && page < each.first + each.pages);
    return file && { file, number: page - file.first };
  }

  /** Height by width of a page. */
  ratio(page) {
    const found = page && this.place(page);
    if (!found) return 0.7;
    const [width, height] = found.file.sizes[found.number];
    return height / width;
  }

  async show(page, width) {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    this.running?.cancel();
    if (!page) {
      this.caption.textContent = `${this.label}: ${this.words.none}`;
      this.leaf.replaceChildren();
      this.leaf.style.width = `${width}px`;
      this.leaf.style.height = `${width * 0.7}px`;
      return;
    }
    const changed = this.regions[page] ?? [];
    const told = changed.length ? ` · ${this.words.changed.replace("{n}", changed.length)}` : "";
    this.caption.textContent = `${this.label} · ${page} / ${this.pages}${told}`;
    this.leaf.style.width = `${width}px`;
    this.leaf.style.height = `${width * this.ratio(page)}px`;
    if (this.shown !== page) this.leaf.replaceChildren(element("p", { textContent: this.words.loading }));
    try {
      const drawn = await this.picture(page, width, () => turn === this.turn);
      if (turn !== this.turn || !drawn) return;
      this.shown = page;
      this.leaf.replaceChildren(drawn, ...changed.map(frame), ...this.pinned(page));
      this.leaf.dispatchEvent(new CustomEvent("shown", { bubbles: true }));
    } catch (fault) {
      if (turn !== this.turn || fault?.name === "RenderingCancelledException") return;
      this.leaf.replaceChildren(element("p", { className: "fault", textContent: this.words.failed }));
    }
  }

  async picture(page, width, wanted) {
    const { file, number } = this.place(page);
    if (file.kind === "picture") {
      const image = element("img", { src: file.href, alt: `${this.label} ${page}` });
      await image.decode();
      return image;
    }
    const found = await (await this.document(file)).getPage(number + 1);
    if (!wanted()) return null;
    const natural = found.getViewport({ scale: 1 });
    const scale = width / natural.width;
    const pixels = natural.width * natural.height * scale * scale;
    const sharp = Math.min(devicePixelRatio || 1, Math.sqrt(MOST_PIXELS / pixels));
    const viewport = found.getViewport({ scale: scale * sharp });
    const canvas = element("canvas", {
      width: Math.round(viewport.width),
      height: Math.round(viewport.height),
    });
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${this.label} ${page}`);
    const task = found.render({ canvas, viewport, annotationMode: AnnotationMode.DISABLE });
    this.running = task;
    await task.promise;
    found.cleanup();
    return canvas;
  }

  document(file) {
    if (!this.opened.has(file.href)) {
      const task = getDocument({
        url: file.href,
        cMapUrl: `${LIBRARY}cmaps/`,
        cMapPacked: true,
        standardFontDataUrl: `${LIBRARY}standard_fonts/`,
        wasmUrl: `${LIBRARY}wasm/`,
        useWasm: false,
        isEvalSupported: false, // for an older pdf.js; this one has no eval
        enableXfa: false,
        disableRange: true,
        disableStream: true,
        verbosity: VerbosityLevel.ERRORS,
      });
      this.opened.set(file.href, task.promise);
    }
    return this.opened.get(file.href);
  }

  pinned(page) {
    return this.pins
      .filter((pin) => pin.page === page)
      .map((pin, n) => {
        const link = element("a", { className: "pin", href: pin.href, title: pin.label });
        link.dataset.tone = pin.tone;
        link.setAttribute("aria-label", pin.label);
        link.append(element("b", { textContent: pin.number }));
        if (pin.box) put(link, pin.box);
        else link.classList.add("of-page"), (link.style.left = `${0.4 + 2.4 * n}rem`);
        return link;
      });
  }
}

/** Draws a rectangle with pointer or keys, and writes it into the form. */
class Pen {
  constructor(viewer) {
    this.viewer = viewer;
    this.leaf = viewer.sides[0].leaf;
    this.page = document.querySelector("main form [name=page]");
    this.region = document.querySelector("main form [name=region]");
    this.leaf.addEventListener("pointerdown", (event) => this.down(event));
    this.leaf.addEventListener("pointermove", (event) => this.move(event));
    this.leaf.addEventListener("pointerup", () => this.up());
    this.leaf.addEventListener("pointercancel", () => (this.from = null));
    this.leaf.addEventListener("shown", () => this.follow());
    const typed = this.region?.value.split(",").map((part) => Number(part) / 100) ?? [];
    if (typed.length === 4 && typed.every(Number.isFinite)) this.box = typed;
  }

  toggle(on = !this.active) {
    this.active = on;
    this.viewer.stage.classList.toggle("drawing", on);
    this.viewer.drawButton.setAttribute("aria-pressed", String(on));
    this.viewer.said.textContent = on ? this.viewer.words.drawing : "";
    if (on) this.viewer.stage.focus();
  }

  point(event) {
    const box = this.leaf.getBoundingClientRect();
    const within = (value) => Math.min(1, Math.max(0, value));
    return [within((event.clientX - box.left) / box.width), within((event.clientY - box.top) / box.height)];
  }

  down(event) {
    if (!this.active || event.button > 0) return;
    event.preventDefault();
    this.leaf.setPointerCapture(event.pointerId);
    this.from = this.point(event);
  }

  move(event) {
    if (!this.from) return;
    const [x, y] = this.point(event);
    const [a, b] = this.from;
    this.set([Math.min(a, x), Math.min(b, y), Math.abs(x - a), Math.abs(y - b)], false);
  }

  up() {
    if (!this.from) return;
    this.from = null;
    if (!this.box || this.box[2] < 0.004 || this.box[3] < 0.004) return this.clear();
    this.set(this.box);
    this.toggle(false);
    this.tell();
  }

  /** Keys while drawing; true if the key was one of ours. */
  key(event) {
    if (!this.active) return false;
    if (event.key === "Escape") return this.clear(), this.toggle(false), true;
    if (event.key === "Enter") {
      if (this.box) this.toggle(false);
      else this.set([0.4, 0.4, 0.2, 0.2]);
      this.tell();
      return true;
    }
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!step || !this.box) return false;
    const [x, y, w, h] = this.box;
    const [dx, dy] = step.map((sign) => sign * NUDGE);
    const grown = event.shiftKey ? [x, y, Math.max(NUDGE, w + dx), Math.max(NUDGE, h + dy)] : null;
    const [a, b, c, d] = grown ?? [x + dx, y + dy, w, h];
    this.set([Math.min(1 - NUDGE, Math.max(0, a)), Math.min(1 - NUDGE, Math.max(0, b)), c, d]);
    this.tell();
    return true;
  }

  set([x, y, w, h], written = true) {
    this.box = [x, y, Math.min(w, 1 - x), Math.min(h, 1 - y)];
    this.follow();
    if (!written || !this.region) return;
    this.region.value = this.box.map((part) => Number((100 * part).toFixed(2))).join(",");
    this.page.value = this.viewer.spreads[this.viewer.at][0];
  }

  clear() {
    this.box = null;
    this.drawn?.remove();
    if (this.region) this.region.value = "";
  }

  /** The rectangle over the page as it is drawn now. */
  follow() {
    if (!this.box) return;
    this.drawn ??= element("div", { className: "drawn" });
    put(this.drawn, this.box);
    if (this.drawn.parentNode !== this.leaf) this.leaf.append(this.drawn);
  }

  tell() {
    if (this.box) {
      const region = this.region?.value ?? "";
      this.viewer.said.textContent = this.viewer.words.drawn.replace("{region}", region);
    }
  }
}

function spreadsOf(sides) {
  const most = Math.max(...sides.map((side) => side.pages));
  return Array.from({ length: most }, (_, n) => sides.map((s) => (n < s.pages ? n + 1 : null)));
}

function frame(box) {
  const made = element("div", { className: "region" });
  put(made, box);
  return made;
}

function put(node, [x, y, w, h]) {
  node.style.left = `${100 * x}%`;
  node.style.top = `${100 * y}%`;
  node.style.width = `${100 * w}%`;
  node.style.height = `${100 * h}%`;
}

function element(name, properties) {
  return Object.assign(document.createElement(name), properties);
}

function later(act, ms) {
  let clock;
  return () => {
    clearTimeout(clock);
    clock = setTimeout(act, ms);
  };
}
