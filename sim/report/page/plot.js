// One chart: a figure with its title, a canvas drawn by Chart.js, and its numbers as a table for
// those who want them or cannot see the canvas.
//
// A chart is described by
//   id, title, meaning (a sentence, `code` in backticks), height (pixels)
//   x: { title, kind: "linear" | "log" | "names", names, ticks, unit, max }
//   y: { title, unit, scale: "zero" | "fit" | "log", max }
//   series: [{ name, number, hidden, bars, points: [{ x, y, low, high, label }] }]
// With names the values lie along x and the names stand at y, where long ones can be read.

// Draws lines that meet at a value beside each other, so that none covers another's interval. What
// the chart holds is the value itself.
const besideEachOther = {
  id: "besideEachOther",
  afterDatasetsUpdate(chart) {
    const shown = chart.data.datasets.map((_, i) => i).filter((i) => chart.isDatasetVisible(i));
    const step = Math.min(7, 42 / shown.length);
    shown.forEach((dataset, place) => {
      for (const element of chart.getDatasetMeta(dataset).data) {
        element.x += (place - (shown.length - 1) / 2) * step;
      }
    });
  },
};

// Draws the interval of each point.
const whiskers = {
  id: "whiskers",
  afterDatasetsDraw(chart) {
    const { ctx } = chart;
    const { horizontal } = chart.options;
    const scale = horizontal ? chart.scales.x : chart.scales.y;
    const { left, right, top, bottom } = chart.chartArea;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left - 6, top - 6, right - left + 12, bottom - top + 12);
    ctx.clip();
    chart.data.datasets.forEach((dataset, i) => {
      if (!chart.isDatasetVisible(i) || dataset.bars) return;
      ctx.strokeStyle = dataset.borderColor;
      ctx.lineWidth = 1.4;
      chart.getDatasetMeta(i).data.forEach((element, place) => {
        const { low, high } = dataset.data[place];
        if (low === undefined || Number.isNaN(low)) return;
        const from = scale.getPixelForValue(low);
        const to = scale.getPixelForValue(high);
        if (!Number.isFinite(from) || !Number.isFinite(to)) return;
        drawWhisker(ctx, horizontal ? element.y : element.x, from, to, horizontal);
      });
    });
    ctx.restore();
  },
};

function drawWhisker(ctx, across, from, to, horizontal) {
  const line = (a, b, c, d) => {
    ctx.moveTo(horizontal ? b : a, horizontal ? a : b);
    ctx.lineTo(horizontal ? d : c, horizontal ? c : d);
  };
  ctx.beginPath();
  line(across, from, across, to);
  line(across - 4, from, across + 4, from);
  line(across - 4, to, across + 4, to);
  ctx.stroke();
}

// On a logarithmic axis: 1, 2, 5, 10, ..., if there are not too many; then 1, 10, 100, ...
function keepRoundTicks(scale) {
  const round = (digits) => scale.ticks.filter(({ value }) =>
    digits.includes(value.toExponential()[0]) && /^\de/.test(value.toExponential()));
  const ticks = round("125");
  scale.ticks = ticks.length > 13 ? round("1") : ticks;
}

// The axis on which values lie.
function valueAxis({ title, unit, scale, max }, series) {
  const ends = series.flatMap(({ points }) => points.flatMap(({ y, low, high }) => [y, low, high]))
    .filter((value) => Number.isFinite(value));
  const least = Math.min(...ends);
  const axis = {
    type: scale === "log" ? "logarithmic" : "linear",
    title: { display: Boolean(title), text: title },
    ticks: { callback: (value) => tickText(value, unit), maxTicksLimit: 8 },
    grace: scale === "fit" ? "5%" : 0,
  };
  if (scale === "log") {
    axis.afterBuildTicks = keepRoundTicks;
    const above = ends.filter((value) => value > 0);
    if (above.length > 0) axis.suggestedMin = Math.min(...above);
  }
  const means = series.flatMap(({ points }) => points.map(({ y }) => y))
    .filter((value) => Number.isFinite(value));
  const isPositive = means.every((mean) => mean >= 0);
  if (scale === "zero" && isPositive) axis.min = 0;
  if (Number.isFinite(least)) {
    // The ends of intervals are inside, too, but for what no share can be.
    const isShare = unit === "share" && isPositive && means.every((mean) => mean <= 1);
    if (scale !== "log") axis.suggestedMin = isPositive ? Math.max(0, least) : least;
    axis.suggestedMax = Math.max(...ends);
    if (isShare && axis.suggestedMax > 1) axis.max = 1;
  }
  if (max !== undefined && scale === "zero") axis.max = max;
  return axis;
}

// The axis of a number that was swept, or of something else that is measured.
function alongAxis({ title, kind, ticks, unit, max, margin = 0.06 }) {
  const axis = {
    type: kind === "log" ? "logarithmic" : "linear",
    title: { display: true, text: title },
    ticks: { callback: (value) => tickText(value, unit ?? "number"), maxRotation: ticks ? 40 : 0 },
    offset: false,
    grid: { offset: false },
    max,
  };
  if (ticks) {
    axis.afterBuildTicks = (scale) => {
      scale.ticks = ticks.map((value) => ({ value }));
    };
    if (ticks.length === 1) {
      axis.min = ticks[0] - 1;
      axis.max = ticks[0] + 1;
    } else if (kind === "linear") {
      const space = (ticks.at(-1) - ticks[0]) * margin;
      axis.min = ticks[0] - space;
      axis.max = ticks.at(-1) + space;
    } else {
      const space = (ticks.at(-1) / ticks[0]) ** margin;
      axis.min = ticks[0] / space;
      axis.max = ticks.at(-1) * space;
    }
  } else if (kind === "log") {
    axis.afterBuildTicks = keepRoundTicks;
  }
  return axis;
}

// The axis of names, the first on top.
function namesAxis({ title, names }) {
  return {
    type: "linear",
    reverse: true,
    min: -0.5,
    max: names.length - 0.5,
    title: { display: true, text: title },
    grid: { drawOnChartArea: true },
    afterBuildTicks: (scale) => {
      scale.ticks = names.map((_, value) => ({ value }));
    },
    ticks: {
      autoSkip: false,
      callback: (value) => {
        const name = names[value] ?? "";
        return name.length > 26 ? `${name.slice(0, 25)}…` : name;
      },
    },
  };
}

function datasetOf(line, spec, count, i) {
  const { colour, marker, dash } = styleOf(line.number);
  const horizontal = spec.x.kind === "names";
  // Lines beside each other at a name.
  const beside = (i - (count - 1) / 2) * Math.min(0.2, 0.8 / count);
  const small = line.points.length > 60;
  const data = line.points.map((point) => (horizontal
    ? { ...point, x: point.y, y: point.x + beside }
    : point));
  if (line.bars) {
    return { type: "bar", label: line.name, data, bars: true, borderColor: colour,
      backgroundColor: line.colours, borderWidth: 0, barPercentage: 0.95, categoryPercentage: 1 };
  }
  return {
    label: line.name,
    data,
    // Later lines, which are dashed, lie on the first, which is not.
    order: count - i,
    clip: 8,
    hidden: line.hidden,
    showLine: !horizontal,
    borderColor: colour,
    backgroundColor: colour,
    borderDash: dash,
    borderWidth: 2,
    pointStyle: marker,
    pointRadius: small || spec.plain ? 0 : 4.5,
    pointHoverRadius: 6,
    pointBorderWidth: ["cross", "crossRot", "star", "line"].includes(marker) ? 2 : 1,
    tension: 0,
  };
}

function tooltipText(spec, dataset, point) {
  const value = spec.x.kind === "names" ? point.x : point.y;
  const half = point.high === undefined ? null : (point.high - point.low) / 2;
  const place = point.label ?? "";
  const name = spec.series.length > 1 ? `${dataset.label}: ` : "";
  return `${name}${withInterval(value, half, spec.y.unit)}${place ? `  (${place})` : ""}`;
}

function configOf(spec) {
  const shown = spec.series.filter(({ hidden }) => !hidden);
  const value = valueAxis(spec.y, shown.length > 0 ? shown : spec.series);
  const horizontal = spec.x.kind === "names";
  const along = horizontal ? namesAxis(spec.x) : alongAxis(spec.x);
  for (const axis of [value, along]) {
    axis.grid = { color: ink("rule"), ...axis.grid };
    axis.ticks.color = ink("soft");
    axis.title = { ...axis.title, color: ink("text") };
  }
  return {
    type: "scatter",
    data: { datasets: spec.series.map((line, i) => datasetOf(line, spec, spec.series.length, i)) },
    plugins: spec.x.ticks && !spec.series[0]?.bars ? [besideEachOther, whiskers] : [whiskers],
    options: {
      animation: false,
      horizontal,
      responsive: true,
      maintainAspectRatio: false,
      parsing: false,
      devicePixelRatio: Math.max(2, window.devicePixelRatio),
      interaction: { mode: "nearest", intersect: false, axis: horizontal ? "y" : "xy" },
      scales: horizontal ? { x: value, y: along } : { x: along, y: value },
      plugins: {
        legend: { display: false },
        tooltip: {
          callbacks: {
            title: () => "",
            label: ({ dataset, raw }) => tooltipText(spec, dataset, raw),
          },
        },
      },
    },
  };
}

// The numbers of a chart: a row for each x, a column for each line.
function numbersTable(spec) {
  const lines = spec.series;
  const rows = new Map();
  lines.forEach((line, i) => {
    for (const point of line.points) {
      const label = point.label ?? String(point.x);
      if (!rows.has(label)) rows.set(label, Array(lines.length).fill("–"));
      const half = point.high === undefined ? null : (point.high - point.low) / 2;
      rows.get(label)[i] = withInterval(point.y, half, spec.y.unit);
    }
  });
  const head = make("tr", {}, make("th", { class: "name", scope: "col" }, spec.x.title),
    ...lines.map(({ name }) => make("th", { scope: "col" },
      lines.length > 1 ? name : spec.y.title || spec.title)));
  const body = [...rows].map(([label, cells]) => make("tr", {},
    make("th", { scope: "row" }, label), ...cells.map((cell) => make("td", {}, cell))));
  return make("div", { class: "scroll" },
    make("table", {}, make("thead", {}, head), make("tbody", {}, ...body)));
}

// A figure that can be drawn again and again with other descriptions.
class Plot {
  constructor(parent) {
    this.title = make("span");
    this.meaning = make("span", { class: "meaning" });
    this.save = make("button", { type: "button" }, "PNG");
    this.save.addEventListener("click", () => this.download());
    this.canvas = make("canvas", { role: "img" });
    this.box = make("div", { class: "plot" }, this.canvas);
    this.fold = make("details", {}, make("summary", {}, "Numbers"));
    this.fold.addEventListener("toggle", () => this.fillFold());
    this.figure = make("figure", {},
      make("figcaption", {}, this.save, this.title, this.meaning), this.box, this.fold);
    parent.append(this.figure);
  }

  draw(spec) {
    this.spec = spec;
    this.title.textContent = spec.title;
    this.meaning.replaceChildren(...withCode(spec.meaning ?? ""));
    // Paper has less room, and charts on it are seen closer.
    this.box.style.height = `${Math.round(spec.height * (paper() ? 0.72 : 1))}px`;
    this.canvas.id = spec.id;
    this.save.setAttribute("aria-label", `Save ${spec.title} as PNG`);
    this.canvas.setAttribute("aria-label", `Chart: ${spec.title} against ${spec.x.title}` +
      `${spec.series.length > 1 ? `, ${spec.series.length} lines` : ""}. Its numbers are below.`);
    this.chart?.destroy();
    this.chart = new Chart(this.canvas, configOf(spec));
    this.fillFold();
  }

  fillFold() {
    this.fold.querySelector(".scroll")?.remove();
    if (this.fold.open) this.fold.append(numbersTable(this.spec));
  }

  remove() {
    this.chart?.destroy();
    this.figure.remove();
  }

  download() {
    make("a", { href: this.chart.toBase64Image(), download: `${this.spec.id}.png` }).click();
  }
}
