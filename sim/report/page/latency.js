// How long payments take: the distribution of all of them where payments.csv has been recorded,
// else the three quantiles that summary.csv has.

function latencyCurveSpec(lines, ofAll) {
  const { shares, curves } = numbers.latency;
  const series = linesOf(null, lines).map((line) => ({
    name: line.name,
    number: line.number,
    hidden: isHidden(lines, line),
    points: line.points.flatMap(({ point }) => {
      const curve = curves[point];
      if (!curve) return [];
      const part = ofAll ? curve.succeeded / curve.payments : 1;
      return curve.ms.map((ms, i) => ({ x: ms, y: shares[i] * part,
        label: `within ${grouped(ms, ms < 10 ? 2 : 0)} ms` }));
    }),
  }));
  return {
    title: ofAll ? "Share of all payments that have arrived after a time"
      : "Share of the succeeded payments that have arrived after a time",
    plain: true,
    x: { title: "time from the start of a payment (ms)", kind: "log", unit: "number" },
    y: { title: ofAll ? "of all payments (%)" : "of succeeded payments (%)", unit: "share",
      scale: "zero", max: 1 },
    series,
  };
}

function latencyQuantileSpec(lines) {
  const quantiles = [["latency_p50_ms", 0.5], ["latency_p95_ms", 0.95], ["latency_p99_ms", 0.99]]
    .map(([name, share]) => ({ share, measure: numbers.measures.find((m) => m.name === name) }))
    .filter(({ measure }) => measure !== undefined);
  const series = linesOf(null, lines).map((line) => ({
    name: line.name,
    number: line.number,
    hidden: isHidden(lines, line),
    points: line.points.flatMap(({ point }) => quantiles.map(({ share, measure }) => ({
      x: share,
      ...valueAt(measure, point),
      label: `${100 * share} % of succeeded payments`,
    }))),
  }));
  return {
    title: "Time within which a share of the succeeded payments has arrived",
    x: { title: "share of the succeeded payments (%)", kind: "linear", unit: "share",
      ticks: quantiles.map(({ share }) => share) },
    y: { title: "time (ms)", unit: "ms", scale: "zero" },
    series,
  };
}

function latencySection() {
  const section = document.getElementById("latency");
  const lead = section.querySelector(".lead");
  const bar = section.querySelector(".choices");
  const legend = section.querySelector(".legend");
  const plot = new Plot(section.querySelector(".one"));
  let lines = choice.lines ?? choice.along;
  let ofAll = false;

  const redraw = () => {
    const fields = [];
    if (numbers.keys.some(({ values }) => values.length > 1)) {
      fields.push(keyField("latency-lines", "A line for each", lines, "(one line)", (value) => {
        lines = value;
        redrawAll();
      }));
    }
    fields.push(...fixedFields(lines));
    if (numbers.latency) {
      fields.push({ id: "latency-of", label: "as a share of all payments", check: true,
        value: ofAll, choose: (value) => {
          ofAll = value;
          redrawAll();
        } });
    }
    fillChoices(bar, fields);
    if (lines === null) legend.replaceChildren();
    else fillLegend(legend, lines, linesOf(null, lines));
    if (numbers.latency) {
      lead.textContent = "Every succeeded payment of payments.csv, all replicates of a point " +
        "together: a steeper line is a narrower spread.";
      plot.draw({ id: "chart-latency", height: 360, ...latencyCurveSpec(lines, ofAll) });
      return;
    }
    lead.replaceChildren("Single payments were not recorded: three quantiles, means over the " +
      "replicates with 95 % intervals. ", make("code", {}, "record.payments = true"),
      " gives the whole distribution.");
    plot.draw({ id: "chart-latency", height: 360, ...latencyQuantileSpec(lines) });
  };
  redraws.push(redraw);
}
