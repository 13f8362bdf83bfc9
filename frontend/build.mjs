// Bundles the two drawing libraries for the pages: charts and maps, MapLibre's worker and style
// sheet, and the licences of all that is inside. `./dev assets` runs it; nothing of what it writes
// is committed.

import { build } from "esbuild";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const built = join(root, "src/bihuan/ui/static/built");

async function bundle() {
  await build({
    absWorkingDir: root,
    entryPoints: {
      chart: "frontend/chart.js",
      map: "frontend/map.js",
      "map-worker": "maplibre-gl/dist/maplibre-gl-worker.mjs",
      "map-library": "maplibre-gl/dist/maplibre-gl.css",
    },
    outdir: built,
    bundle: true,
    format: "esm",
    target: "chrome109",
    minify: true,
    charset: "utf8",
    legalComments: "none", // LICENSES.txt holds the full texts
    logLevel: "warning",
  });
}

// What MapLibre has inside it came bundled, so the lock file is asked instead of the bundler:
// every package that is not only for building.
async function licences() {
  const lock = JSON.parse(await readFile(join(root, "package-lock.json"), "utf8"));
  const shipped = Object.entries(lock.packages).filter(([path, about]) => path && !about.dev);
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
await bundle();
await writeFile(join(built, "LICENSES.txt"), await licences());
