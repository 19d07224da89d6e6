// Colours, markers and dashes. Okabe and Ito's colours are told apart with any colour vision; as
// no line is known by its colour alone, marker and dash differ, too. On a dark ground the colours
// are those of the set that are light enough to be seen.

const lightColours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#000000", "#56b4e9"];
const darkColours = ["#56b4e9", "#f08a3c", "#2fc596", "#e79fc8", "#f0e442", "#ffffff", "#3f8fd0"];
const markers = ["circle", "rect", "triangle", "rectRot", "cross", "star", "crossRot", "line"];
const dashes = [[], [7, 3], [2, 2], [9, 3, 2, 3], [12, 4]];

// From balanced to used up: ever further from the ground, so that it also reads in grey.
const lightRamp = [[168, 187, 205], [230, 159, 0], [140, 45, 0]];
const darkRamp = [[70, 84, 97], [214, 137, 16], [255, 233, 190]];

const paper = () => document.documentElement.hasAttribute("data-paper");
const isDark = () => !paper() && matchMedia("(prefers-color-scheme: dark)").matches;

function ink(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

// How the line of that number is drawn. No two of the first 280 are alike.
function styleOf(number) {
  const colours = isDark() ? darkColours : lightColours;
  return {
    colour: colours[number % colours.length],
    marker: markers[number % markers.length],
    dash: dashes[number % dashes.length],
  };
}

// The colour of a depletion from 0 to 1.
function depletionColour(depletion) {
  const ramp = isDark() ? darkRamp : lightRamp;
  const at = Math.min(0.9999, Math.max(0, depletion)) * (ramp.length - 1);
  const from = ramp[Math.floor(at)];
  const to = ramp[Math.floor(at) + 1];
  const mixed = from.map((part, i) => Math.round(part + (to[i] - part) * (at % 1)));
  return `rgb(${mixed.join(" ")})`;
}

// The shape of a marker, for legends: what Chart.js draws in charts.
function markerShape(marker, x, y, size, colour) {
  const filled = { fill: colour };
  const stroked = { stroke: colour, "stroke-width": 2, fill: "none" };
  const r = size;
  switch (marker) {
    case "rect":
      return makeSvg("rect", { x: x - r, y: y - r, width: 2 * r, height: 2 * r, ...filled });
    case "rectRot":
      return makeSvg("path", { d: `M${x} ${y - r - 1}l${r + 1} ${r + 1}l${-r - 1} ${r + 1}` +
        `l${-r - 1} ${-r - 1}z`, ...filled });
    case "triangle":
      return makeSvg("path", { d: `M${x} ${y - r}l${r} ${2 * r}h${-2 * r}z`, ...filled });
    case "cross":
      return makeSvg("path", { d: `M${x - r} ${y}h${2 * r}M${x} ${y - r}v${2 * r}`, ...stroked });
    case "crossRot":
      return makeSvg("path", { d: `M${x - r} ${y - r}l${2 * r} ${2 * r}M${x - r} ${y + r}` +
        `l${2 * r} ${-2 * r}`, ...stroked });
    case "star":
      return makeSvg("path", { d: `M${x - r} ${y}h${2 * r}M${x} ${y - r}v${2 * r}` +
        `M${x - r} ${y - r}l${2 * r} ${2 * r}M${x - r} ${y + r}l${2 * r} ${-2 * r}`,
      ...stroked, "stroke-width": 1 });
    case "line":
      return makeSvg("path", { d: `M${x - r} ${y}h${2 * r}`, ...stroked, "stroke-width": 3 });
    default:
      return makeSvg("circle", { cx: x, cy: y, r, ...filled });
  }
}

// A piece of line with its marker.
function swatch(number) {
  const { colour, marker, dash } = styleOf(number);
  return makeSvg("svg", { width: 34, height: 14, "aria-hidden": true },
    makeSvg("path", { d: "M1 7h32", stroke: colour, "stroke-width": 2,
      "stroke-dasharray": dash.join(" ") || null }),
    markerShape(marker, 17, 7, 4, colour));
}
