// What the reader has chosen: which key runs along the axes, which has a line for each value, and
// one value for each other key. All charts share it.

const choice = {
  along: numbers.along,  // place in numbers.keys, or null
  lines: numbers.lines,
  fixed: numbers.keys.map((key) => Math.floor((key.values.length - 1) / 2)),
  hidden: new Set(),     // names of lines that are switched off
};

// Everything that is drawn anew when the choice changes.
const redraws = [];
function redrawAll() {
  for (const redraw of redraws) redraw();
}

// Points by the places of their values, joined by commas.
const pointsByValues = new Map(numbers.points.map((values, point) => [values.join(), point]));

// The point with the chosen values, but for some keys: { 0: 2, 3: 1 }; undefined if there is none.
function pointWith(others) {
  const values = choice.fixed.map((place, key) => others[key] ?? place);
  return pointsByValues.get(values.join());
}

// The points of one line after the other: [{ name, number, points: [{ place, point }] }].
function linesOf(alongKey, linesKey) {
  const places = alongKey === null ? [0] : [...numbers.keys[alongKey].values.keys()];
  const lines = linesKey === null ? [null] : [...numbers.keys[linesKey].values.keys()];
  return lines.map((line) => ({
    name: line === null ? "all" : keyValueText(numbers.keys[linesKey], line),
    number: line ?? 0,
    points: places
      .map((place) => {
        const values = {};
        if (alongKey !== null) values[alongKey] = place;
        if (linesKey !== null) values[linesKey] = line;
        return { place, point: pointWith(values) };
      })
      .filter(({ point }) => point !== undefined),
  }));
}

// A measure at a point as charts have it: the mean, and the ends of its interval if it has one.
function valueAt(measure, point) {
  const y = measure.mean[point] ?? NaN;
  const half = measure.ci95[point];
  return half === null ? { y } : { y, low: y - half, high: y + half };
}

// "scheme = amp, nodes = 500": the values of the keys that are neither along nor lines.
function fixedText(...usedKeys) {
  return numbers.keys
    .map((key, i) => ({ key, i }))
    .filter(({ key, i }) => !usedKeys.includes(i) && key.values.length > 1)
    .map(({ key, i }) => `${key.title} = ${keyValueText(key, choice.fixed[i])}`)
    .join(", ");
}

// Puts selects into a bar; the one that has the focus keeps it. A field is
// { id, label, value, options: [{ value, text, group }], choose }, or a check box,
// { id, label, check: true, value, choose }.
function fillChoices(bar, fields) {
  const focused = bar.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  const elementOf = (field) => (field.check ? checkField(field) : selectField(field));
  bar.replaceChildren(...fields.map(elementOf));
  bar.hidden = fields.length === 0;
  if (focused) bar.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus();
}

function selectField({ id, label, value, options, choose }) {
  const select = make("select", { "data-id": id });
  const groups = new Map();
  for (const option of options) {
    const element = make("option", { value: option.value, selected: option.value === value },
      option.text);
    if (!option.group) {
      select.append(element);
      continue;
    }
    if (!groups.has(option.group)) {
      groups.set(option.group, make("optgroup", { label: option.group }));
      select.append(groups.get(option.group));
    }
    groups.get(option.group).append(element);
  }
  select.addEventListener("change", () => choose(select.value));
  return make("label", {}, label, select);
}

function checkField({ id, label, value, choose }) {
  const box = make("input", { type: "checkbox", "data-id": id, checked: value });
  box.addEventListener("change", () => choose(box.checked));
  return make("label", { class: "check" }, box, label);
}

// A select for one of the keys; `none` is the text for none of them.
function keyField(id, label, value, none, choose) {
  const options = numbers.keys
    .map((key, i) => ({ value: String(i), text: key.name, count: key.values.length }))
    .filter(({ count }) => count > 1);
  if (none) options.push({ value: "", text: none });
  return {
    id,
    label,
    value: value === null ? "" : String(value),
    options,
    choose: (text) => choose(text === "" ? null : Number(text)),
  };
}

// Selects for the values of the keys that a chart does not use.
function fixedFields(...usedKeys) {
  return numbers.keys
    .map((key, i) => ({ key, i }))
    .filter(({ key, i }) => !usedKeys.includes(i) && key.values.length > 1)
    .map(({ key, i }) => ({
      id: `fixed-${i}`,
      label: key.title,
      value: String(choice.fixed[i]),
      options: key.values.map((_, place) => ({
        value: String(place),
        text: keyValueText(key, place),
      })),
      choose: (text) => {
        choice.fixed[i] = Number(text);
        redrawAll();
      },
    }));
}

// A button a line, above its charts.
function fillLegend(legend, key, lines) {
  const active = document.activeElement;
  const pressed = legend.contains(active) ? active.dataset.id : null;
  legend.replaceChildren();
  if (lines.length < 2) return;
  legend.append(make("span", { class: "of" }, numbers.keys[key].title));
  for (const line of lines) {
    const id = `${numbers.keys[key].name}=${line.name}`;
    const button = make("button", { type: "button", "data-id": id,
      "aria-pressed": String(!choice.hidden.has(id)) }, swatch(line.number), line.name);
    button.addEventListener("click", () => {
      if (!choice.hidden.delete(id)) choice.hidden.add(id);
      redrawAll();
    });
    legend.append(button);
  }
  if (pressed) legend.querySelector(`[data-id="${CSS.escape(pressed)}"]`)?.focus();
}

const isHidden = (key, line) =>
  key !== null && choice.hidden.has(`${numbers.keys[key].name}=${line.name}`);
