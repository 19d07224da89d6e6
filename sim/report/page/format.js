// Numbers as people read them, and elements of the page. The CSV's own numbers stay as they are in
// charts and copies; only what is written beside them is rounded.

const numbers = JSON.parse(document.getElementById("numbers").textContent);

// What a unit is called, and by what a number is multiplied for it.
const units = {
  count: { name: "", factor: 1 },
  number: { name: "", factor: 1 },
  share: { name: "%", factor: 100 },
  msat: { name: "sat", factor: 1 / 1000 },
  sat: { name: "sat", factor: 1 },
  ppm: { name: "ppm", factor: 1 },
  ms: { name: "ms", factor: 1 },
  s: { name: "s", factor: 1 },
  msat_s: { name: "sat · s", factor: 1 / 1000 },
};
const unitOf = (unit) => units[unit] ?? units.number;

// 12345.678 with one decimal: "12,345.7"; the same everywhere, whatever the browser's language.
// Halves go to the even digit, as in the table that the program prints.
function grouped(value, decimals) {
  return value.toLocaleString("en-US", {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    roundingMode: "halfEven",
  });
}

// So many decimals that two digits of `size` are seen.
function decimalsFor(size) {
  if (!(size > 0)) return 0;
  return Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(size))));
}

// Large numbers in short: 1.2 M, 34 k.
function short(value) {
  const size = Math.abs(value);
  const steps = [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e4, "k", 1e3]];
  for (const [from, letter, divisor = from] of steps) {
    if (size >= from) return `${trimmed(value / divisor, 3)} ${letter}`;
  }
  return trimmed(value, 3);
}

// So many digits that count, no zeros behind the last.
function trimmed(value, digits) {
  if (value === 0) return "0";
  const rounded = Number(value.toPrecision(digits));
  return rounded.toLocaleString("en-US", { maximumSignificantDigits: digits });
}

// A mean without its unit: as exact as its interval allows.
function meanText(mean, half, unit) {
  if (mean === null || mean === undefined || Number.isNaN(mean)) return "–";
  const { factor } = unitOf(unit);
  const value = mean * factor;
  if (Math.abs(value) >= 1e7) return short(value);
  const exact = half > 0 ? decimalsFor(half * factor) : decimalsFor(Math.abs(value) / 10);
  if (unit === "count" && !(half > 0) && Number.isInteger(value)) return grouped(value, 0);
  return grouped(value, Math.min(exact, unit === "share" ? 2 : 4));
}

// Its half width, to go behind "±"; "" where there is none.
function halfText(mean, half, unit) {
  if (half === null || half === undefined || Number.isNaN(half)) return "";
  const { factor } = unitOf(unit);
  if (Math.abs(mean * factor) >= 1e7) return short(half * factor);
  if (half === 0) return "0";
  return grouped(half * factor, Math.min(decimalsFor(half * factor), unit === "share" ? 2 : 4));
}

function withInterval(mean, half, unit) {
  const behind = halfText(mean, half, unit);
  const name = unitOf(unit).name;
  const text = meanText(mean, half, unit);
  return `${text}${behind ? ` ± ${behind}` : ""}${name && text !== "–" ? ` ${name}` : ""}`;
}

// "Fee (ppm)".
function titleOf(measure) {
  const { name } = unitOf(measure.unit);
  return name ? `${measure.title} (${name})` : measure.title;
}

// On an axis.
const tickText = (value, unit) => short(value * unitOf(unit).factor);

// The value of a swept key: numbers with commas between thousands, where one of them has many.
function keyValueText(key, place) {
  const value = key.values[place];
  key.isLarge ??= key.numbers !== null && key.values.some((other) => /^\d{5,}$/.test(other));
  return key.isLarge && /^\d+$/.test(value) ? Number(value).toLocaleString("en-US") : value;
}

// An element: make("p", { class: "note" }, "text", otherElement).
function make(tag, attributes = {}, ...children) {
  return filledWith(document.createElement(tag), attributes, children);
}

function makeSvg(tag, attributes = {}, ...children) {
  return filledWith(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes,
    children);
}

function filledWith(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === undefined || value === null) continue;
    element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

// A text with `names in backticks` as elements.
function withCode(text) {
  return text.split("`").map((piece, i) => (i % 2 === 1 ? make("code", {}, piece) : piece));
}

// One cell of a CSV file (RFC 4180).
function csvCell(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  const text = String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
