// The only file that knows ECharts: draws what `bihuan.ui.chart` declares, above the table that
// says the same. Nothing here moves, and nothing is told by colour alone: lines differ in dash and
// mark, areas in pattern.

import { BarChart, LineChart, PieChart, ScatterChart } from "echarts/charts";
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  TooltipComponent,
} from "echarts/components";
import { init, use } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, LineChart, PieChart, ScatterChart]);
use([AriaComponent, GridComponent, LegendComponent, TooltipComponent, LabelLayout, SVGRenderer]);

const NARROW = 480; // px of the figure, not of the screen
const PRINTED = 640; // px that fit between the margins of A4
const FEW_NUMBERS = 24;
const DASHES = ["solid", "dashed", "dotted"];
const MARKS = ["circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect"];

/** Draw `declared` at the top of `figure`; false if there is nothing to draw. */
export function draw(figure, asked) {
  const declared = asked.kind === "waterfall" ? waterfall(asked) : asked;
  if (!declared.series.some(({ values }) => values.some((value) => value !== null))) return false;
  const canvas = document.createElement("div");
  canvas.className = "canvas";
  figure.insertBefore(canvas, figure.querySelector("details"));
  const chart = init(canvas, null, { renderer: "svg" });
  // After `init`, which clears what it does not know.
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", declared.title);

  let drawnAt = 0;
  const show = (width) => {
    if (!width || width === drawnAt) return;
    drawnAt = width;
    const look = lookOf(figure, width);
    canvas.style.height = heightOf(declared, look);
    chart.resize({ width, height: canvas.clientHeight });
    chart.setOption(optionsOf(declared, look), { notMerge: true });
  };
  let printing = false;
  new ResizeObserver(() => printing || show(canvas.clientWidth)).observe(canvas);
  addEventListener("beforeprint", () => {
    printing = true;
    show(PRINTED);
  });
  addEventListener("afterprint", () => {
    printing = false;
    show(canvas.clientWidth);
  });
  show(canvas.clientWidth);
  return true;
}

/** Colours and type of the page's own sheet, at this width. */
function lookOf(figure, width) {
  const style = getComputedStyle(figure);
  const token = (name) => style.getPropertyValue(name).trim();
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const size = Math.round(rem * 0.87);
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${size}px ${style.fontFamily}`;
  return {
    width,
    size,
    rem,
    narrow: width < NARROW,
    family: style.fontFamily,
    ink: token("--ink"),
    soft: token("--soft"),
    line: token("--line"),
    paper: token("--paper"),
    colours: [1, 2, 3, 4, 5, 6].map((n) => token(`--chart-${n}`)),
    measure: (text) => pen.measureText(text).width,
  };
}

function optionsOf(declared, look) {
  const shown = declared.series.filter(({ hidden }) => !hidden);
  const several = shown.length > 1 || declared.kind === "pie";
  return {
    animation: false,
    color: look.colours,
    textStyle: { fontFamily: look.family, fontSize: look.size, color: look.ink },
    aria: { enabled: several, label: { enabled: false }, decal: { show: several } },
    ...(declared.kind === "pie" ? pie(declared, look) : onAxes(declared, look)),
  };
}

// Bars, lines and points ----------------------------------------------------------------------

function onAxes(declared, look) {
  const lying = isLying(declared, look);
  const points = isPlane(declared);
  const category = categoryAxis(declared, look, lying);
  const value = valueAxis(declared, look, lying);
  const [across, up] = points
    ? declared.series.map(({ name }) => ({ ...value, name, scale: true }))
    : [category, value];
  const legend = points ? null : legendOf(declared, look);
  return {
    grid: {
      left: 4,
      right: lying ? look.size * 3 : look.size,
      top: (legend?.height ?? 0) + (lying ? 8 : look.size * 2.2),
      bottom: lying || points ? look.size * 2 : 4,
      outerBoundsMode: "same",
      outerBoundsContain: "axisLabel",
    },
    legend: legend?.option,
    tooltip: tooltip(declared, look, points || declared.kind === "scatter" ? "item" : "axis"),
    xAxis: lying ? up : points ? { ...across, nameLocation: "middle" } : across,
    yAxis: lying ? across : up,
    series: points ? plane(declared, look) : declared.series.map(seriesOf(declared, look, lying)),
  };
}

function isBars({ kind }) {
  return kind === "bar" || kind === "stacked" || kind === "waterfall";
}

/** Start, changes, end as bars that hang where the ones before left off. */
function waterfall(asked) {
  const { name, values } = asked.series[0];
  const last = values.length - 1;
  const bars = [];
  let at = 0;
  values.forEach((value, n) => {
    const whole = n === 0 || n === last;
    const [from, to] = whole ? [0, value] : [at, at + value];
    at = to;
    bars.push({ whole, value, low: Math.min(from, to), high: Math.max(from, to) });
  });
  // The changes are small beside the whole: the axis begins just below the lowest of them.
  const ends = bars.flatMap(({ whole, value, low, high }) => (whole ? [value] : [low, high]));
  const room = (Math.max(...ends) - Math.min(...ends)) * 0.3 || 1;
  const floor = Math.max(0, Math.floor(Math.min(...ends) - room));
  const hidden = bars.map(({ whole, low }) => (whole ? floor : low));
  const size = ({ whole, value, low, high }) => (whole ? value - floor : high - low);
  return { ...asked, floor, bars, name, series: [
    { name: "", values: hidden, hidden: true },
    { name, values: bars.map(size) },
  ] };
}

/** Two runs of a scatter are the two coordinates of each named point. */
function isPlane({ kind, series }) {
  return kind === "scatter" && series.length === 2;
}

/** Bars lie down where their names would not fit side by side. */
function isLying(declared, look) {
  if (!isBars(declared)) return false;
  const { categories } = declared;
  const room = look.width / Math.max(categories.length, 1) - look.size;
  const tooLong = categories.some((name) => look.measure(name) > room);
  return categories.length > 6 || tooLong || (look.narrow && categories.length > 3);
}

function heightOf(declared, look) {
  if (!isLying(declared, look)) return "";
  const bars = declared.kind === "bar" ? declared.series.length : 1; // the others are stacked
  // Long names break into lines, and words leave a part of each line empty.
  const longest = Math.max(...declared.categories.map(look.measure));
  const lines = Math.min(Math.ceil((longest * 1.2) / namesWidth(look)), 4);
  const row = Math.max(
    bars * look.size * 1.1 + look.size * 0.8,
    lines * look.size * 1.25 + look.size * 0.8,
    look.size * 2.4,
  );
  const legend = legendOf(declared, look)?.height ?? 0;
  return `${Math.max(declared.categories.length * row + legend + look.size * 3.5, 160) / look.rem}rem`;
}

/** The width that names beside lying bars may take. */
function namesWidth(look) {
  return look.width * (look.narrow ? 0.32 : 0.28);
}

function categoryAxis(declared, look, lying) {
  return {
    type: "category",
    data: declared.categories,
    inverse: lying, // first at the top, as in the table
    axisLine: { onZero: false, lineStyle: { color: look.soft } },
    axisTick: { show: false },
    axisLabel: {
      color: look.ink,
      fontSize: look.size,
      hideOverlap: !lying,
      interval: lying ? 0 : "auto",
      width: lying ? namesWidth(look) : undefined,
      overflow: lying ? "break" : undefined,
    },
  };
}

function valueAxis(declared, look, lying) {
  return {
    type: "value",
    inverse: declared.reverse_y,
    // A rank: there is no place nought. A waterfall says itself where it begins.
    min: declared.floor ?? (declared.reverse_y ? 1 : undefined),
    minInterval: declared.reverse_y ? 1 : undefined,
    name: declared.unit,
    nameLocation: lying ? "middle" : declared.reverse_y ? "start" : "end",
    nameGap: lying ? look.size * 1.8 : look.size * 0.8,
    nameTextStyle: { color: look.soft, fontSize: look.size, align: lying ? "center" : "left" },
    splitNumber: look.narrow ? 3 : 5,
    axisLabel: { color: look.soft, fontSize: look.size, formatter: figureOf },
    splitLine: { lineStyle: { color: look.line } },
  };
}

function seriesOf(declared, look, lying) {
  if (declared.kind === "waterfall") return fallOf(declared, look, lying);
  const few = declared.categories.length * declared.series.length <= FEW_NUMBERS;
  return ({ name, values }, n) => ({
    name,
    data: values,
    type: isBars(declared) ? "bar" : declared.kind,
    stack: declared.kind === "stacked" ? "all" : undefined,
    barMaxWidth: look.size * 3,
    connectNulls: false,
    showSymbol: true,
    symbol: MARKS[n % MARKS.length],
    symbolSize: declared.kind === "scatter" ? 10 : 8,
    lineStyle: { width: 2.5, type: DASHES[n % DASHES.length] },
    itemStyle: declared.kind === "stacked" ? { borderColor: look.paper, borderWidth: 1 } : {},
    label: {
      show: few && isBars(declared),
      formatter: ({ value }) => (value ? figureOf(value) : ""),
      position: declared.kind === "stacked" ? "inside" : lying ? "right" : "top",
      // On its own ground, so that a pattern behind it does not blur the number.
      backgroundColor: look.paper,
      padding: [1, 3],
      borderRadius: 3,
      color: look.ink,
      fontSize: look.size,
    },
    labelLayout: { hideOverlap: true },
  });
}

/** The bars of a waterfall: a rise and a fall differ in colour, and in the sign of the label. */
function fallOf(declared, look, lying) {
  const colour = ({ whole, value }) => look.colours[whole ? 0 : value < 0 ? 4 : 5];
  const said = ({ whole, value }) => `${!whole && value > 0 ? "+" : ""}${figureOf(value)}`;
  return ({ name, values, hidden }) => ({
    name,
    type: "bar",
    stack: "all",
    barMaxWidth: look.size * 3,
    silent: hidden,
    itemStyle: hidden ? { color: "transparent" } : {},
    data: values.map((value, n) =>
      hidden ? value : { value, itemStyle: { color: colour(declared.bars[n]) } },
    ),
    label: {
      show: !hidden,
      formatter: ({ dataIndex }) => said(declared.bars[dataIndex]),
      position: lying ? "right" : "top",
      color: look.ink,
      fontSize: look.size,
    },
  });
}

function plane(declared, look) {
  const [across, up] = declared.series;
  const data = declared.categories.map((name, i) => ({
    name,
    value: [across.values[i], up.values[i]],
  }));
  return [
    {
      type: "scatter",
      name: declared.title,
      symbolSize: 11,
      data: data.filter(({ value }) => !value.includes(null)),
      label: {
        show: data.length <= FEW_NUMBERS,
        formatter: "{b}",
        position: "right",
        color: look.ink,
        fontSize: look.size,
      },
      labelLayout: ({ rect, labelRect }) => ({
        hideOverlap: true,
        ...(labelRect.x + labelRect.width > look.width ? { x: rect.x - 4, align: "right" } : {}),
      }),
    },
  ];
}

// Shares --------------------------------------------------------------------------------------

function pie(declared, look) {
  const { values } = declared.series[0];
  const slices = declared.categories.map((name, i) => ({ name, value: values[i] }));
  const legend = legendOf(declared, look);
  return {
    tooltip: tooltip(declared, look, "item"),
    legend: legend?.option,
    series: [
      {
        type: "pie",
        radius: "70%",
        top: legend?.height ?? 0,
        data: slices.filter(({ value }) => value),
        itemStyle: { borderColor: look.paper, borderWidth: 2 },
        label: {
          show: !legend,
          color: look.ink,
          fontSize: look.size,
          formatter: ({ name, value }) => `${name}\n${withUnit(declared)(value)}`,
        },
        labelLine: { lineStyle: { color: look.soft } },
      },
    ],
  };
}

// What all kinds share ------------------------------------------------------------------------

function tooltip(declared, look, trigger) {
  // Of a waterfall the bar is no number that anybody knows: its label says the change.
  if (declared.kind === "waterfall") return { show: false };
  return {
    trigger,
    confine: true,
    axisPointer: { type: isBars(declared) ? "shadow" : "line" },
    backgroundColor: look.paper,
    borderColor: look.line,
    textStyle: { color: look.ink, fontFamily: look.family, fontSize: look.size },
    valueFormatter: (value) =>
      Array.isArray(value) ? value.map(figureOf).join("，") : withUnit(declared)(value),
  };
}

/** The legend and the height that its lines take; it never pages, since paper cannot be clicked. */
function legendOf(declared, look) {
  const words = legendWords(declared, look);
  if (words.size < 2) return null;
  const mark = look.size * 1.8;
  const gap = look.size;
  let [lines, used] = [1, 0];
  for (const text of words.values()) {
    const taken = mark + 5 + look.measure(text) + gap;
    if (used && used + taken > look.width) [lines, used] = [lines + 1, 0];
    used += taken;
  }
  const option = {
    top: 0,
    left: 0,
    padding: 0,
    itemWidth: mark,
    itemHeight: look.size,
    itemGap: gap,
    formatter: (name) => words.get(name),
    textStyle: { color: look.ink, fontSize: look.size },
  };
  return { option, height: lines * (look.size + gap) + gap / 2 };
}

/** What stands beside each mark: names of series; of slices only where they have no room outside. */
function legendWords({ kind, categories, series, unit }, look) {
  if (kind === "waterfall") return new Map();
  if (kind !== "pie") return new Map(series.map(({ name }) => [name, name]));
  if (!look.narrow) return new Map();
  const shares = categories.map((name, i) => [name, series[0].values[i]]);
  return new Map(
    shares.filter(([, v]) => v).map(([name, v]) => [name, `${name} ${withUnit({ unit })(v)}`]),
  );
}

function figureOf(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  return value.toLocaleString("en", { maximumFractionDigits: 2 });
}

function withUnit({ unit }) {
  const space = /^[a-z]/i.test(unit) ? " " : "";
  return (value) => `${figureOf(value)}${space}${unit}`;
}
