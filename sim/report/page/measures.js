// The section of charts: one measure large, the key measures at a glance, every measure on demand.

const measureOf = (place) => numbers.measures[place];

function meaningOf({ definition, name }) {
  return `${definition ? `${definition}. ` : ""}Column \`${name}\`.`;
}

// A measure of the points of the chosen lines.
function measureSpec(measure, id, height, scale, large) {
  const { along, lines } = choice;
  const key = along === null ? null : numbers.keys[along];
  const series = linesOf(along, lines).map((line) => ({
    name: line.name,
    number: line.number,
    hidden: isHidden(lines, line),
    points: line.points.map(({ place, point }) => ({
      x: key?.numbers ? key.numbers[place] : place,
      ...valueAt(measure, point),
      label: key === null ? "" : `${key.title} = ${keyValueText(key, place)}`,
    })),
  }));
  const named = key === null || !key.numbers;
  const names = key === null ? ["all"] : key.values.map((_, i) => keyValueText(key, i));
  const rows = named ? names.length * (1 + 0.35 * series.length) : 0;
  return {
    id,
    title: large ? titleOf(measure) : measure.title,
    meaning: large ? meaningOf(measure) : "",
    height: named ? Math.max(large ? 260 : 190, 80 + (large ? 20 : 11) * rows) : height,
    x: {
      title: key === null ? "" : key.name,
      kind: named ? "names" : key.log ? "log" : "linear",
      names,
      ticks: named || key.numbers.length > 14 ? undefined : key.numbers,
    },
    y: { title: large ? titleOf(measure) : unitOf(measure.unit).name, unit: measure.unit, scale },
    series,
  };
}

function measuresSection() {
  const section = document.getElementById("measures");
  const bar = section.querySelector(".choices");
  const legend = section.querySelector(".legend");
  const one = new Plot(section.querySelector(".one"));
  const glance = section.querySelector(".glance");
  const every = section.querySelector(".every");
  let chosen = numbers.keyMeasures[0] ?? 0;
  let scale = "zero";
  let small = [];

  // A chart each in `parent`, in place of those that are there.
  const fill = (parent, prefix, places) => {
    for (const place of places) {
      const plot = new Plot(parent);
      plot.draw(measureSpec(measureOf(place), `${prefix}-${measureOf(place).name}`, 210, "zero",
        false));
      small.push(plot);
    }
  };

  const fields = () => {
    const { along, lines } = choice;
    const swap = (name, other) => (value) => {
      if (value !== null && value === choice[other]) choice[other] = choice[name];
      choice[name] = value;
      redrawAll();
    };
    const many = numbers.keys.filter(({ values }) => values.length > 1).length;
    return [
      {
        id: "measure",
        label: "Measure",
        value: String(chosen),
        options: numbers.measures.map((measure, i) => ({
          value: String(i), text: measure.title, group: measure.group,
        })),
        choose: (text) => {
          chosen = Number(text);
          redrawAll();
        },
      },
      ...(many > 0 ? [keyField("along", "Along the axis", along, "", swap("along", "lines"))] : []),
      ...(many > 1 ? [keyField("lines", "A line for each", lines, "(one line)",
        swap("lines", "along"))] : []),
      ...fixedFields(along, lines),
      {
        id: "scale",
        label: "Values",
        value: scale,
        options: [{ value: "zero", text: "from zero" }, { value: "fit", text: "close up" },
          { value: "log", text: "logarithmic" }],
        choose: (text) => {
          scale = text;
          redrawAll();
        },
      },
    ];
  };

  const redraw = () => {
    fillChoices(bar, fields());
    const { along, lines } = choice;
    if (lines === null) legend.replaceChildren();
    else fillLegend(legend, lines, linesOf(along, lines));
    one.draw(measureSpec(measureOf(chosen), "chart-measure", 380, scale, true));
    for (const plot of small) plot.remove();
    small = [];
    fill(glance, "glance", numbers.keyMeasures);
    if (every.open) fill(every.querySelector(".grid"), "every", numbers.measures.keys());
  };
  every.addEventListener("toggle", redraw);
  redraws.push(redraw);
}
