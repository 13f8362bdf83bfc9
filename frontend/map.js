// The only file that knows MapLibre: draws places of our own (GeoJSON, WGS-84) on an empty ground,
// above the list that says the same. No tiles, fonts or pictures: nothing is asked of any host.

import {
  LngLatBounds,
  Map as MapView,
  NavigationControl,
  Popup,
  setWorkerUrl,
} from "maplibre-gl";

const WORKER = new URL("map-worker.js", import.meta.url).href;
const SHEET = new URL("map-library.css", import.meta.url).href;

const PRINTED = 640; // px that fit between the margins of A4

// Tone by colour, and by width and dash for those who do not see the colour.
const TONES = {
  info: { token: "--info", width: 3, dash: [1, 0] },
  good: { token: "--good", width: 3, dash: [1, 0] },
  warn: { token: "--warn", width: 4, dash: [2, 1] },
  bad: { token: "--bad", width: 6, dash: [1, 0] },
};
const LAYERS = Object.keys(TONES).flatMap((tone) => [`area-${tone}`, `line-${tone}`, `point-${tone}`]);

const CHINESE = {
  "NavigationControl.ZoomIn": "放大",
  "NavigationControl.ZoomOut": "缩小",
  "CooperativeGesturesHandler.WindowsHelpText": "按住 Ctrl 键再滚动，可缩放地图",
  "CooperativeGesturesHandler.MacHelpText": "按住 ⌘ 键再滚动，可缩放地图",
  "CooperativeGesturesHandler.MobileHelpText": "用两根手指移动地图",
};

/** Draw the places at the top of `figure`; false where that cannot be done. */
export async function draw(figure, declared) {
  const featureCollection = declared.address ? await collectionAt(declared.address) : declared;
  if (!featureCollection?.features) return false;
  const bounds = boundsOf(featureCollection);
  if (bounds.isEmpty() || !hasWebGL()) return false;
  addSheet();
  setWorkerUrl(WORKER);
  const canvas = document.createElement("div");
  canvas.className = "canvas";
  canvas.style.font = "inherit"; // MapLibre's own is too small to read
  figure.insertBefore(canvas, figure.querySelector("details"));
  try {
    if (declared.address) showWays(figure, canvas, featureCollection, bounds, declared);
    else show(figure, canvas, featureCollection, bounds);
  } catch {
    canvas.remove(); // WebGL is there in name only
    return false;
  }
  return true;
}

async function collectionAt(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
  return answer?.ok ? answer.json() : null;
}

// Ways of several things, each in a colour of its own; one can be chosen by its name ---------------

const HUES = 6; // --chart-1 to --chart-6, in turn
const WAYS = ["way-drive", "way-work"];

function showWays(figure, canvas, ways, bounds, { every, one, label }) {
  const style = getComputedStyle(figure);
  const token = (name) => style.getPropertyValue(name).trim();
  const groups = groupsOf(ways);
  const map = viewOf(figure, canvas, waysStyle(ways, groups, token), bounds);
  map.addControl(sourcesOf(ways));
  map.on("click", WAYS, (event) => tell(map, event));
  map.on("mouseenter", WAYS, () => (map.getCanvas().style.cursor = "pointer"));
  map.on("mouseleave", WAYS, () => (map.getCanvas().style.cursor = ""));
  if (one) map.on("load", () => choose(map, ways, one));
  else if (groups.length > 1) canvas.before(chooserOf(map, ways, every, label));
}

/** All of them or one, by name. */
export function chooserOf(map, ways, every, label) {
  const groups = groupsOf(ways);
  const select = document.createElement("select");
  select.setAttribute("aria-label", label);
  for (const [value, text] of [["", every], ...groups.map((group) => [group, group])]) {
    select.add(new Option(text, value));
  }
  select.addEventListener("change", () => choose(map, ways, select.value));
  return select;
}

const groupsOf = ({ features }) => [...new Set(features.map(({ properties }) => properties.group))];

/** Show one group, or all, and go there. */
function choose(map, ways, group) {
  const mine = ways.features.filter(({ properties }) => !group || properties.group === group);
  for (const [layer, work] of [["way-drive", false], ["way-work", true]]) {
    const wanted = ["==", ["get", "work"], work];
    map.setFilter(layer, group ? ["all", wanted, ["==", ["get", "group"], group]] : wanted);
  }
  map.fitBounds(boundsOf({ features: mine }), { padding: 40, maxZoom: 15, animate: false });
}

function waysStyle(ways, groups, token) {
  return {
    version: 8,
    sources: { ways: { type: "geojson", data: ways } },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": token("--ground") } },
      ...wayLayers(groups, token),
    ],
  };
}

function wayLayers(groups, token) {
  const colour = ["match", ["get", "group"]];
  groups.forEach((group, n) => colour.push(group, token(`--chart-${(n % HUES) + 1}`)));
  colour.push(token("--soft"));
  const line = (id, work, paint) => ({
    id,
    source: "ways",
    type: "line",
    filter: ["==", ["get", "work"], work],
    layout: { "line-join": "round" },
    paint: { "line-color": groups.length ? colour : token("--soft"), ...paint },
  });
  return [
    line("way-drive", false, { "line-width": 1.5, "line-dasharray": [2, 2], "line-opacity": 0.7 }),
    line("way-work", true, { "line-width": 4, "line-offset": 2 }),
  ];
}

function show(figure, canvas, featureCollection, bounds) {
  const style = getComputedStyle(figure);
  const drawn = styleOf(featureCollection, (name) => style.getPropertyValue(name).trim());
  const map = viewOf(figure, canvas, drawn, bounds);
  map.addControl(sourcesOf(featureCollection));
  map.on("click", LAYERS, (event) => tell(map, event));
  map.on("mouseenter", LAYERS, () => (map.getCanvas().style.cursor = "pointer"));
  map.on("mouseleave", LAYERS, () => (map.getCanvas().style.cursor = ""));
}

/** An empty ground that can be moved by hand, finger and keys, and printed. */
function viewOf(figure, canvas, style, bounds) {
  const chinese = document.documentElement.lang.startsWith("zh");
  const heading = figure.closest("section")?.querySelector("h2")?.textContent.trim();
  const map = new MapView({
    container: canvas,
    style,
    bounds,
    fitBoundsOptions: { padding: 40, maxZoom: 15 },
    locale: { ...(chinese ? CHINESE : {}), ...(heading ? { "Map.Title": heading } : {}) },
    cooperativeGestures: true, // the page still scrolls under a finger or a wheel
    dragRotate: false,
    pitchWithRotate: false,
    renderWorldCopies: false,
    fadeDuration: 0,
    attributionControl: false,
    canvasContextAttributes: { preserveDrawingBuffer: true }, // or it would print blank
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }));
  // As a whole, since what WebGL draws anew would come too late for the printer.
  addEventListener("beforeprint", () => {
    canvas.style.width = `${canvas.offsetWidth}px`;
    canvas.style.zoom = Math.min(1, PRINTED / canvas.offsetWidth);
  });
  addEventListener("afterprint", () => {
    canvas.style.zoom = canvas.style.width = "";
  });
  return map;
}

// A picture that goes on: streets by state and by how long ago they were done, vehicles, tasks ------

const STREETS = { fresh: 6, old: 4, never: 2.5 }; // px, and solid, solid, dashed
const COLOURS = { good: "--good", warn: "--warn-edge", bad: "--bad", shut: "--ink", quiet: "--soft" };
const ARROW = 28; // px of a vehicle's sign, which points where it goes
const LIVE = ["street-done", "street-never", "spots", "tasks", "vehicles", "parked"];

/** Draw the streets and keep what `update` tells on them; null where that cannot be done. */
export function live(figure, drawn, words) {
  const bounds = boundsOf(drawn.streets);
  if (bounds.isEmpty() || !hasWebGL()) return null;
  addSheet();
  setWorkerUrl(WORKER);
  const canvas = document.createElement("div");
  canvas.className = "canvas";
  canvas.style.font = "inherit";
  figure.querySelector(".canvas")?.remove();
  figure.prepend(canvas);
  try {
    return new LiveMap(figure, canvas, drawn, bounds, words);
  } catch {
    canvas.remove();
    return null;
  }
}

class LiveMap {
  constructor(figure, canvas, drawn, bounds, words) {
    const style = getComputedStyle(figure);
    this.token = (name) => style.getPropertyValue(name).trim();
    this.canvas = canvas;
    this.vehicles = new Map();
    this.told = new Map();
    this.waiting = [];
    this.ready = false;
    this.words = words;
    this.map = viewOf(figure, canvas, this.style(drawn), bounds);
    this.map.addControl(sourcesOf(drawn.streets));
    this.map.on("load", () => {
      for (const name of ["arrow", "dot"]) this.map.addImage(name, this.sign(name), { pixelRatio: 2 });
      this.ready = true;
      for (const change of this.waiting.splice(0)) this.update(change);
    });
    this.map.on("click", [...WAYS, ...LIVE], (event) => this.tell(event));
    this.map.on("mouseenter", LIVE, () => (this.map.getCanvas().style.cursor = "pointer"));
    this.map.on("mouseleave", LIVE, () => (this.map.getCanvas().style.cursor = ""));
  }

  remove() {
    this.map.remove();
    this.canvas.remove();
  }

  update(change) {
    if (!this.ready) return void this.waiting.push(change);
    for (const one of change.sections) {
      this.told.set(one.id, one);
      this.map.setFeatureState({ source: "streets", id: one.id }, { tone: one.colour, age: one.age });
    }
    if (change.whole) this.vehicles.clear();
    for (const one of change.vehicles) this.vehicles.set(one.id, one);
    this.map.getSource("vehicles").setData(collected([...this.vehicles.values()].map(vehicle)));
    this.map.getSource("tasks").setData(collected(change.tasks.map(task)));
  }

  /** Lay tours over the streets, under the vehicles; none takes them away. */
  ways(collection) {
    for (const layer of WAYS) if (this.map.getLayer(layer)) this.map.removeLayer(layer);
    if (this.map.getSource("ways")) this.map.removeSource("ways");
    if (!collection) return;
    this.map.addSource("ways", { type: "geojson", data: collection });
    for (const layer of wayLayers(groupsOf(collection), this.token)) this.map.addLayer(layer, "spots");
  }

  /** What stands under the finger: the topmost sign, and of a street how it is. */
  tell({ features, lngLat }) {
    const top = features.find(({ source }) => source !== "streets") ?? features[0];
    const known = top.source === "streets" ? this.told.get(top.id) : undefined;
    const passed = known?.pass ? this.words.last.replace("{at}", known.pass) : this.words.never;
    const text = known ? [top.properties.name, known.state, passed].join(" · ") : top.properties.name;
    tell(this.map, { features: [{ properties: { name: text } }], lngLat });
  }

  style({ streets, spots }) {
    const state = (name, other) => ["coalesce", ["feature-state", name], other];
    const colour = ["match", state("tone", "quiet")];
    for (const [tone, name] of Object.entries(COLOURS)) colour.push(tone, this.token(name));
    colour.push(this.token("--soft"));
    const age = state("age", "never");
    const empty = { type: "geojson", data: collected([]) };
    const wide = ["match", age, "fresh", STREETS.fresh, "old", STREETS.old, STREETS.never];
    const ring = (name, radius, fill, width) => ({
      id: name,
      source: name,
      type: "circle",
      paint: {
        "circle-radius": radius,
        "circle-color": fill,
        "circle-stroke-width": width,
        "circle-stroke-color": this.token(name === "spots" ? "--info" : "--paper"),
      },
    });
    const line = (id, paint) => ({
      id,
      source: "streets",
      type: "line",
      layout: { "line-join": "round", "line-cap": "butt" },
      paint: { "line-color": colour, "line-width": wide, ...paint },
    });
    return {
      version: 8,
      sources: {
        streets: { type: "geojson", data: streets },
        spots: { type: "geojson", data: spots },
        tasks: empty,
        vehicles: empty,
      },
      layers: [
        { id: "ground", type: "background", paint: { "background-color": this.token("--ground") } },
        line("street-done", { "line-opacity": ["match", age, "never", 0, 1] }),
        line("street-never", { "line-opacity": ["match", age, "never", 1, 0], "line-dasharray": [2, 1.2] }),
        ring("spots", 6, this.token("--info-wash"), 2),
        ring("tasks", 6, ["match", ["get", "tone"], "good", this.token("--good"), "bad", this.token("--bad"), this.token("--warn-edge")], 2),
        this.signs("vehicles", ["has", "heading"], "arrow"),
        this.signs("parked", ["!", ["has", "heading"]], "dot"),
      ],
    };
  }

  signs(id, filter, image) {
    const layout = {
      "icon-image": image,
      "icon-allow-overlap": true,
      "icon-ignore-placement": true,
      "icon-rotation-alignment": "map",
    };
    if (image === "arrow") layout["icon-rotate"] = ["get", "heading"];
    const paint = { "icon-opacity": ["case", ["get", "stale"], 0.45, 1] };
    return { id, source: "vehicles", type: "symbol", filter, layout, paint };
  }

  /** An arrow pointing north or a dot, drawn here: no picture is asked of any host. */
  sign(name) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 2 * ARROW;
    const pen = canvas.getContext("2d");
    pen.scale(2, 2);
    pen.translate(ARROW / 2, ARROW / 2);
    pen.beginPath();
    if (name === "dot") pen.arc(0, 0, 7, 0, 7);
    else for (const [x, y] of [[0, -12], [8, 9], [0, 5], [-8, 9]]) pen.lineTo(x, y);
    pen.closePath();
    pen.lineWidth = 4;
    pen.strokeStyle = this.token("--paper");
    pen.stroke();
    pen.fillStyle = this.token("--brand-deep");
    pen.fill();
    return pen.getImageData(0, 0, canvas.width, canvas.height);
  }
}

const collected = (features) => ({ type: "FeatureCollection", features });
const point = (lon, lat, properties) => ({
  type: "Feature",
  geometry: { type: "Point", coordinates: [lon, lat] },
  properties,
});

function vehicle({ number, company, doing, at, lon, lat, heading, stale }) {
  const name = [number, company, doing, at].filter(Boolean).join(" · ");
  return point(lon, lat, { name, stale, ...(heading === null ? {} : { heading }) });
}

function task({ name, lon, lat, tone }) {
  return point(lon, lat, { name, tone });
}

function tell(map, { features, lngLat }) {
  const { name } = features[0].properties;
  if (name) new Popup({ closeButton: false, maxWidth: "16rem" }).setLngLat(lngLat).setText(name).addTo(map);
}

/** An empty ground and, for each tone, its areas, lines (edges of areas too) and points. */
function styleOf(featureCollection, token) {
  const ground = {
    id: "ground",
    type: "background",
    paint: { "background-color": token("--ground") },
  };
  const drawn = ["area", "line", "point"].flatMap((kind) =>
    Object.entries(TONES).map(([tone, look]) => ({
      id: `${kind}-${tone}`,
      source: "places",
      filter: ["all", ["match", ["geometry-type"], SHAPES[kind], true, false], ["==", TONE, tone]],
      ...PAINTED[kind](token(look.token), look, token("--paper")),
    })),
  );
  return {
    version: 8,
    sources: { places: { type: "geojson", data: featureCollection } },
    layers: [ground, ...drawn],
  };
}

const AREAS = ["Polygon", "MultiPolygon"];
const SHAPES = {
  area: AREAS,
  line: ["LineString", "MultiLineString", ...AREAS],
  point: ["Point", "MultiPoint"],
};
const KNOWN = ["match", ["get", "tone"], Object.keys(TONES), true, false];
const TONE = ["case", KNOWN, ["get", "tone"], "info"];
const PAINTED = {
  area: (colour) => ({ type: "fill", paint: { "fill-color": colour, "fill-opacity": 0.2 } }),
  line: (colour, { width, dash }) => ({
    type: "line",
    layout: { "line-join": "round" },
    paint: { "line-color": colour, "line-width": width, "line-dasharray": dash },
  }),
  point: (colour, { width }, paper) => ({
    type: "circle",
    paint: {
      "circle-color": colour,
      "circle-radius": width + 4,
      "circle-stroke-color": paper,
      "circle-stroke-width": 2,
    },
  }),
};

function boundsOf({ features }) {
  const bounds = new LngLatBounds();
  const extend = (coordinates) => {
    if (typeof coordinates[0] === "number") bounds.extend(coordinates.slice(0, 2));
    else coordinates.forEach(extend);
  };
  for (const { geometry } of features) if (geometry?.coordinates?.length) extend(geometry.coordinates);
  return bounds;
}

/** Whom the data is from. MapLibre's own control reads HTML and folds itself up; this is text. */
function sourcesOf({ features }) {
  const named = features.map(({ properties }) => properties?.attribution).filter(Boolean);
  const note = document.createElement("small");
  note.className = "maplibregl-ctrl";
  note.textContent = [...new Set(named)].join(" · ");
  return { onAdd: () => note, onRemove: () => note.remove(), getDefaultPosition: () => "bottom-left" };
}

function hasWebGL() {
  return Boolean(document.createElement("canvas").getContext("webgl2"));
}

function addSheet() {
  if (document.querySelector(`link[href="${SHEET}"]`)) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = SHEET;
  document.head.append(link);
}
