// The first thing to read: the key measures of each scheme, or of each value of another key, at one
// value of every other key.

function figuresSection() {
  const section = document.getElementById("figures");
  const lead = section.querySelector(".lead");
  const bar = section.querySelector(".choices");
  const place = section.querySelector(".scroll");
  const measures = numbers.keyMeasures.slice(0, 8).map(measureOf);

  const cell = (measure, point, most) => {
    const mean = measure.mean[point];
    const half = measure.ci95[point];
    const behind = halfText(mean, half, measure.unit);
    const td = make("td", {}, meanText(mean, half, measure.unit));
    if (behind) td.append(make("span", { class: "half" }, ` ± ${behind}`));
    if (mean > 0 && most > 0) {
      const bar = make("span", { class: "bar", "aria-hidden": true });
      bar.style.width = `calc((100% - 1.4rem) * ${mean / most})`;
      td.append(bar);
    }
    return td;
  };

  const redraw = () => {
    const rowsKey = choice.lines ?? choice.along;
    const key = rowsKey === null ? null : numbers.keys[rowsKey];
    const rows = linesOf(rowsKey, null)[0].points;
    const at = fixedText(rowsKey);
    const spread = numbers.replicates > 1
      ? `Means of ${numbers.replicates} replicates ± half their 95 % interval`
      : "One replicate, so without intervals";
    lead.textContent = `${spread}${at ? `, at ${at}` : ""}. A bar is the share of the column's ` +
      "largest value.";
    fillChoices(bar, fixedFields(rowsKey));
    const head = make("tr", {}, make("th", { scope: "col", class: "name" }, key ? key.name : ""),
      ...measures.map((measure) => make("th", { scope: "col" }, measure.title,
        make("small", {}, unitOf(measure.unit).name || " "))));
    const most = measures.map((measure) =>
      Math.max(...rows.map(({ point }) => measure.mean[point] ?? 0)));
    const body = rows.map(({ place: value, point }) => make("tr", {},
      make("th", { scope: "row" }, key ? keyValueText(key, value) : numbers.name),
      ...measures.map((measure, i) => cell(measure, point, most[i]))));
    place.replaceChildren(make("table", {}, make("thead", {}, head), make("tbody", {}, ...body)));
  };
  redraws.push(redraw);
}
