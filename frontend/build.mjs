// Bundles what pages and papers need: charts and maps, MapLibre's worker and style sheet, the live
// picture and the reports of a snowfall, the rater's page with its arithmetic, the viewer of
// drawings, the typeface of printed papers, and the licences of all that is inside. `./dev assets`
// runs it; nothing of what it writes is committed.

import { build } from "esbuild";
import { copyFile, cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const built = join(root, "src/bihuan/ui/static/built");

const bundle = (target, entryPoints) =>
  build({
    absWorkingDir: root,
    entryPoints,
    outdir: built,
    bundle: true,
    format: "esm",
    target,
    minify: true,
    charset: "utf8",
    legalComments: "none", // LICENSES.txt holds the full texts
    logLevel: "warning",
  });

// What the printing of slips and result sheets embeds.
async function fonts() {
  await mkdir(join(built, "fonts"));
  for (const weight of ["400Regular", "700Bold"]) {
    const file = `NotoSerifSC_${weight}.ttf`;
    const from = join(root, "node_modules/@expo-google-fonts/noto-serif-sc", weight, file);
    await copyFile(from, join(built, "fonts", file));
  }
}

// What pdf.js asks for when a drawing needs it: character maps, the standard typefaces, and two
// decoders of pictures in plain JavaScript. Its script engine and its WebAssembly stay behind.
async function drawings() {
  const from = join(root, "node_modules/pdfjs-dist");
  for (const folder of ["cmaps", "standard_fonts"]) {
    await cp(join(from, folder), join(built, "pdf", folder), { recursive: true });
  }
  await mkdir(join(built, "pdf/wasm"));
  for (const file of await readdir(join(from, "wasm"))) {
    if (/nowasm|LICENSE_(PDFJS_)?(OPENJPEG|JBIG2)/.test(file)) {
      await copyFile(join(from, "wasm", file), join(built, "pdf/wasm", file));
    }
  }
}

// What MapLibre has inside it came bundled, so the lock file is asked instead of the bundler:
// every package that is not only for building.
async function licences() {
  const lock = JSON.parse(await readFile(join(root, "package-lock.json"), "utf8"));
  // An optional package is for some other platform, or helps where there is no browser.
  const shipped = Object.entries(lock.packages).filter(
    ([path, about]) => path && !about.dev && !about.optional,
  );
  const texts = [];
  for (const [path, about] of shipped) {
    const name = path.replace(/^.*node_modules\//, "");
    texts.push(`${"=".repeat(80)}\n${name} ${about.version} (${about.license ?? "see below"})\n`);
    for (const file of await legalFiles(join(root, path))) {
      texts.push(`${(await readFile(file, "utf8")).trim()}\n`);
    }
  }
  return texts.join("\n");
}

async function legalFiles(folder) {
  const files = await readdir(folder, { withFileTypes: true, recursive: true });
  const named = (pattern) =>
    files
      .filter((entry) => entry.isFile() && pattern.test(entry.name))
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
      .sort();
  const found = named(/^(licen[cs]e|notice|copying)/i);
  return found.length ? found : named(/^readme/i); // a few state their licence only there
}

await rm(built, { recursive: true, force: true });
await mkdir(built, { recursive: true });
await bundle("chrome109", {
  chart: "frontend/chart.js",
  map: "frontend/map.js",
  live: "frontend/live.js",
  report: "frontend/report.js",
  "map-worker": "maplibre-gl/dist/maplibre-gl-worker.mjs",
  "map-library": "maplibre-gl/dist/maplibre-gl.css",
  viewer: "frontend/viewer.js",
  "viewer-worker": "pdfjs-dist/legacy/build/pdf.worker.mjs",
});
// A rater's own phone may be older than the office's computers; what still cannot run it is told so
// by the first lines, which need no more than modules.
await bundle("chrome80", { "ballot-page": "frontend/ballot/page.js" });
await bundle("chrome64", { ballot: "frontend/ballot/start.js" });
await fonts();
await drawings();
await writeFile(join(built, "LICENSES.txt"), await licences());
