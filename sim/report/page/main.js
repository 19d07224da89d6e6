// Puts the page together, and keeps it in step with the browser's colours and with paper.

function leftOutNote() {
  const notes = [];
  if (numbers.points.length < numbers.allPoints) {
    notes.push(`The first ${grouped(numbers.points.length, 0)} of ` +
      `${grouped(numbers.allPoints, 0)} points are shown.`);
  }
  if (numbers.leftOut.length > 0) {
    notes.push(`${numbers.leftOut.length} measures are left out to keep the page small.`);
  }
  if (numbers.latency && numbers.latency.curves.length < numbers.points.length) {
    notes.push(`Single payments are shown for the first ` +
      `${grouped(numbers.latency.curves.length, 0)} points.`);
  }
  if (notes.length === 0) return;
  notes.push("The CSV files beside this page have everything.");
  document.querySelector("main").before(make("p", { class: "note" }, notes.join(" ")));
}

// Folds that paper opens, to be closed again afterwards.
let opened = [];

function toPaper() {
  document.documentElement.setAttribute("data-paper", "");
  opened = [...document.querySelectorAll("#sources details:not([open])")];
  for (const fold of opened) fold.open = true;
  redrawAll();
}

function toScreen() {
  document.documentElement.removeAttribute("data-paper");
  for (const fold of opened) fold.open = false;
  redrawAll();
}

Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
Chart.defaults.font.size = 12.5;
leftOutNote();
figuresSection();
if (numbers.keys.length > 0) {
  measuresSection();
} else {
  // One point has no line; its numbers are the key figures.
  for (const part of document.querySelectorAll("#measures, nav a[href='#measures']")) part.remove();
}
amountsSection();
latencySection();
networkSection();
tableSection();
redrawAll();
addEventListener("beforeprint", toPaper);
addEventListener("afterprint", toScreen);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redrawAll);
document.documentElement.setAttribute("data-drawn", "");
