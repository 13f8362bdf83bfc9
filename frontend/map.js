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
export function draw(figure, featureCollection) {
  const bounds = boundsOf(featureCollection);
  if (bounds.isEmpty() || !hasWebGL()) return false;
  addSheet();
  setWorkerUrl(WORKER);
  const canvas = document.createElement("div");
  canvas.className = "canvas";
  canvas.style.font = "inherit"; // MapLibre's own is too small to read
  figure.insertBefore(canvas, figure.querySelector("details"));
  try {
    show(figure, canvas, featureCollection, bounds);
  } catch {
    canvas.remove(); // WebGL is there in name only
    return false;
  }
  return true;
}

function show(figure, canvas, featureCollection, bounds) {
  const style = getComputedStyle(figure);
  const chinese = document.documentElement.lang.startsWith("zh");
  const heading = figure.closest("section")?.querySelector("h2")?.textContent.trim();
  const map = new MapView({
    container: canvas,
    style: styleOf(featureCollection, (name) => style.getPropertyValue(name).trim()),
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
  map.addControl(sourcesOf(featureCollection));
  map.on("click", LAYERS, (event) => tell(map, event));
  map.on("mouseenter", LAYERS, () => (map.getCanvas().style.cursor = "pointer"));
  map.on("mouseleave", LAYERS, () => (map.getCanvas().style.cursor = ""));
  // As a whole, since what WebGL draws anew would come too late for the printer.
  addEventListener("beforeprint", () => {
    canvas.style.width = `${canvas.offsetWidth}px`;
    canvas.style.zoom = Math.min(1, PRINTED / canvas.offsetWidth);
  });
  addEventListener("afterprint", () => {
    canvas.style.zoom = canvas.style.width = "";
  });
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
