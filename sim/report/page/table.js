// All points as a table that sorts, and as CSV with the numbers in full.

const rowsPerPage = 100;

function tableSection() {
  const section = document.getElementById("table");
  const bar = section.querySelector(".choices");
  const place = section.querySelector(".scroll");
  const more = section.querySelector(".more");
  const said = section.querySelector(".said");
  let everyMeasure = false;
  let everyRow = false;
  let sorted = { column: null, descending: false };

  // A column: heading, unit, and the value, number or text, of a point.
  const columns = () => {
    const keys = numbers.keys.map((key, i) => ({
      id: key.name,
      heading: key.name,
      isName: !key.numbers,
      value: (point) => {
        const at = numbers.points[point][i];
        return key.numbers ? key.numbers[at] : key.values[at];
      },
      text: (point) => keyValueText(key, numbers.points[point][i]),
    }));
    const places = everyMeasure ? [...numbers.measures.keys()] : numbers.keyMeasures;
    return keys.concat(places.map((i) => {
      const measure = numbers.measures[i];
      return {
        id: measure.name,
        heading: measure.title,
        unit: unitOf(measure.unit).name,
        measure,
        value: (point) => measure.mean[point],
      };
    }));
  };

  const order = (all) => {
    const points = [...numbers.points.keys()];
    const column = all.find(({ id }) => id === sorted.column);
    if (!column) return points;
    const compare = (a, b) => {
      const [x, y] = [column.value(a), column.value(b)];
      // What has no value comes last, whichever way.
      if (x === null || y === null) return (x === null) - (y === null) || a - b;
      const difference = typeof x === "number" ? x - y : x.localeCompare(y, "en");
      return (sorted.descending ? -difference : difference) || a - b;
    };
    return points.sort(compare);
  };

  const heading = (column) => {
    const state = sorted.column !== column.id ? "none"
      : sorted.descending ? "descending" : "ascending";
    const button = make("button", { type: "button", "data-column": column.id }, column.heading);
    if (column.unit) button.append(make("span", { class: "unit" }, column.unit));
    button.addEventListener("click", () => {
      sorted = { column: column.id,
        descending: sorted.column === column.id && !sorted.descending };
      redraw();
      said.textContent = `Sorted by ${column.heading}, ` +
        `${sorted.descending ? "largest" : "least"} first.`;
    });
    return make("th", { scope: "col", "aria-sort": state, class: column.isName ? "name" : null,
      title: column.measure?.definition?.replaceAll("`", "") }, button);
  };

  const cell = (column, point) => {
    if (!column.measure) {
      return make("td", { class: column.isName ? "name" : null }, column.text(point));
    }
    const { measure } = column;
    const td = make("td", { "data-mean": measure.mean[point] },
      meanText(measure.mean[point], measure.ci95[point], measure.unit));
    const behind = halfText(measure.mean[point], measure.ci95[point], measure.unit);
    if (behind) td.append(make("span", { class: "half" }, ` ± ${behind}`));
    return td;
  };

  const csv = () => {
    const all = columns();
    const head = all.flatMap(({ id, measure }) => (measure ? [`${id}_mean`, `${id}_ci95`] : [id]));
    const rows = order(all).map((point) => all.flatMap(({ measure }, i) => (measure
      ? [measure.mean[point], measure.ci95[point]]
      : [numbers.keys[i].values[numbers.points[point][i]]])));
    return [head, ...rows].map((row) => `${row.map(csvCell).join()}\n`).join("");
  };

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(csv());
      said.textContent = "Copied as CSV.";
    } catch {
      said.textContent = "The browser does not let a page copy: save the CSV instead.";
    }
  };

  const save = () => {
    const link = make("a", { download: `${numbers.name}-table.csv`,
      href: URL.createObjectURL(new Blob([csv()], { type: "text/csv" })) });
    link.click();
    URL.revokeObjectURL(link.href);
  };

  const redraw = () => {
    const focused = document.activeElement?.dataset?.column;
    const all = columns();
    const points = order(all);
    const shown = everyRow ? points : points.slice(0, rowsPerPage);
    const body = shown.map((point) => make("tr", { "data-point": point },
      ...all.map((column) => cell(column, point))));
    place.replaceChildren(make("table", {},
      make("thead", {}, make("tr", {}, ...all.map(heading))), make("tbody", {}, ...body)));
    more.replaceChildren();
    if (shown.length < points.length) {
      const text = `Show all ${grouped(points.length, 0)} rows`;
      const button = make("button", { type: "button" }, text);
      button.addEventListener("click", () => {
        everyRow = true;
        redraw();
      });
      more.append(`${shown.length} rows are shown. `, button);
    }
    if (focused) place.querySelector(`[data-column="${CSS.escape(focused)}"]`)?.focus();
  };

  const button = (text, action) => {
    const element = make("button", { type: "button" }, text);
    element.addEventListener("click", action);
    return element;
  };
  fillChoices(bar, [{ id: "every-measure", label: "every measure", check: true, value: false,
    choose: (value) => {
      everyMeasure = value;
      redraw();
    } }]);
  bar.append(button("Copy as CSV", copy), button("Save as CSV", save));
  redraw();
}
