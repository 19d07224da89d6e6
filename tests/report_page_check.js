// Put into a copy of report.html by tests/report_browser_test.cpp: uses the page as a reader does,
// and writes what it finds into <pre id="found"> as JSON. What is right is judged by the test.

const found = { errors: window.earlyErrors, charts: [], sorted: {} };

// The lines of a chart with the numbers that they hold.
function linesIn(id) {
  const chart = Chart.getChart(document.getElementById(id));
  return chart.data.datasets.map(({ label, data, hidden }) => ({
    label,
    hidden: Boolean(hidden),
    points: data.map(({ x, y, low, high, label: place }) => ({ x, y, low, high, place })),
  }));
}

function choose(section, id, value) {
  const select = document.querySelector(`#${section} [data-id="${id}"]`);
  select.value = value;
  select.dispatchEvent(new Event("change"));
}

function columnOf(name) {
  const headings = [...document.querySelectorAll("#table thead button")];
  const place = headings.findIndex((button) => button.dataset.column === name);
  return {
    sort: headings[place].closest("th").getAttribute("aria-sort"),
    values: [...document.querySelectorAll("#table tbody tr")].map((row) =>
      row.children[place].dataset.mean ?? row.children[place].textContent),
  };
}

const clickHeading = (name) => document.querySelector(`#table [data-column="${name}"]`).click();

async function check() {
  const all = JSON.parse(document.getElementById("numbers").textContent);
  // Every measure against every key, a line for each value of the other.
  for (const [along, lines] of [[1, 0], [0, 1]]) {
    choose("measures", "along", String(along));
    choose("measures", "lines", String(lines));
    all.measures.forEach((measure, i) => {
      choose("measures", "measure", String(i));
      found.charts.push({ along: all.keys[along].name, lines: all.keys[lines].name,
        measure: measure.name, horizontal: Chart.getChart("chart-measure").options.horizontal,
        series: linesIn("chart-measure") });
    });
  }
  found.amounts = linesIn("chart-amounts");
  choose("latency", "latency-lines", "0");
  found.latency = linesIn("chart-latency");
  found.depletion = linesIn("chart-depletion");
  found.channels = document.querySelectorAll("#network line title").length;
  found.nodes = document.querySelectorAll("#network circle title").length;

  found.sorted.before = columnOf("success_rate");
  clickHeading("success_rate");
  found.sorted.up = columnOf("success_rate");
  clickHeading("success_rate");
  found.sorted.down = columnOf("success_rate");
  clickHeading("workload.amount.mean_sat");
  found.sorted.key = columnOf("workload.amount.mean_sat");
  found.focused = document.activeElement.dataset.column ?? document.activeElement.tagName;

  document.querySelector("#measures .legend button").click();
  found.hidden = linesIn("chart-measure").map(({ hidden }) => hidden);
  found.pressed = document.querySelector("#measures .legend button").getAttribute("aria-pressed");

  document.querySelector(".every").open = true;
  document.querySelector("#measures figure details").open = true;
  await new Promise((resume) => setTimeout(resume, 200));
  found.everyMeasure = document.querySelectorAll(".every canvas").length;
  found.numbersRows = document.querySelectorAll("#measures .one tbody tr").length;

  // What "Save as CSV" would save.
  let saved = null;
  const createUrl = URL.createObjectURL;
  URL.createObjectURL = (blob) => {
    saved = blob;
    return createUrl.call(URL, blob);
  };
  [...document.querySelectorAll("#table button")].find((button) =>
    button.textContent === "Save as CSV").click();
  found.csv = await saved.text();

  dispatchEvent(new Event("beforeprint"));
  found.onPaper = [...document.querySelectorAll("#sources details")].map(({ open }) => open);
  dispatchEvent(new Event("afterprint"));
  found.afterwards = [...document.querySelectorAll("#sources details")].map(({ open }) => open);
  found.settings = document.querySelector("#sources pre").textContent;
  found.title = document.querySelector("h1").textContent;
  found.drawn = document.documentElement.hasAttribute("data-drawn");
  found.canvases = [...document.querySelectorAll("canvas")].map((canvas) => ({
    label: canvas.getAttribute("aria-label"), width: canvas.width, height: canvas.height,
  }));
  found.unnamed = [...document.querySelectorAll("button, select, input")].filter((control) =>
    !control.textContent.trim() && !control.getAttribute("aria-label") && !control.closest("label"))
    .length;
  found.requests = performance.getEntriesByType("resource").map(({ name }) => name);
}

check().catch((error) => found.errors.push(String(error.stack))).finally(() => {
  const place = document.createElement("pre");
  place.id = "found";
  place.textContent = JSON.stringify(found);
  document.body.append(place);
});
