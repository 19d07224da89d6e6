// Which amounts arrive: the success rate against the amount, a line for each scheme. Against the
// mean amount where that was swept; against the amount of the single payments where these were
// recorded.

// Rates of fewer payments say nothing.
const fewestPayments = 10;

const amountKey = numbers.keys.findIndex((key) =>
  key.name.startsWith("workload.amount.") && key.numbers && key.values.length > 1);

// The key whose values are compared: schemes if they were swept, else what the other charts have.
function comparedKey() {
  const swept = (name) => numbers.keys.findIndex((key) =>
    key.name === name && key.values.length > 1);
  for (const name of ["payment.scheme", "case"]) {
    if (swept(name) >= 0) return swept(name);
  }
  return choice.lines ?? (choice.along === amountKey ? null : choice.along);
}

function sweptAmountSpec(lines, measure) {
  const key = numbers.keys[amountKey];
  const unit = key.name.endsWith("_sat") ? "sat" : "number";
  const series = linesOf(amountKey, lines).map((line) => ({
    name: line.name,
    number: line.number,
    hidden: isHidden(lines, line),
    points: line.points.map(({ place, point }) => ({
      x: key.numbers[place],
      ...valueAt(measure, point),
      label: `${keyValueText(key, place)} ${unitOf(unit).name}`,
    })),
  }));
  return {
    title: "Success rate against the mean amount of a payment",
    x: { title: `${key.name}`, kind: key.log ? "log" : "linear", unit: "number",
      ticks: key.numbers.length > 14 ? undefined : key.numbers },
    series,
  };
}

function paymentAmountSpec(lines) {
  const series = linesOf(null, lines).map((line) => ({
    name: line.name,
    number: line.number,
    hidden: isHidden(lines, line),
    points: line.points.flatMap(({ point }) => numbers.amounts[point] ?? [])
      .filter(([, , payments]) => payments >= fewestPayments)
      .map(([from, to, payments, rate, half]) => {
        const around = half === null ? {} : { low: rate - half, high: rate + half };
        return { x: Math.sqrt(Math.max(from, 0.5) * to), y: rate, ...around,
          label: `${grouped(from, 0)} to ${grouped(to, 0)} sat, ${grouped(payments, 0)} payments` };
      }),
  }));
  return {
    title: "Success rate against the amount of a payment",
    x: { title: "amount (sat)", kind: "log", unit: "number" },
    series,
  };
}

function amountsSection() {
  const section = document.getElementById("amounts");
  const lead = section.querySelector(".lead");
  const bar = section.querySelector(".choices");
  const legend = section.querySelector(".legend");
  const place = section.querySelector(".one");
  const success = numbers.measures.find(({ name }) => name === "success_rate");
  const bySweep = amountKey >= 0 && success !== undefined;
  const byPayment = numbers.amounts !== null &&
    new Set(numbers.amounts.flat().map(([from]) => from)).size > 1;
  if (!bySweep && !byPayment) {
    lead.replaceChildren("There is one amount here. To see how success falls with it, sweep ",
      make("code", {}, "workload.amount.mean_sat"), ", or draw amounts from a distribution and " +
      "leave ", make("code", {}, "record.payments"), " on.");
    lead.className = "note";
    return;
  }
  let source = bySweep ? "sweep" : "payments";
  let lines = comparedKey();
  if (lines === amountKey) lines = null;
  const plot = new Plot(place);

  const redraw = () => {
    const used = source === "sweep" ? [amountKey, lines] : [lines];
    const fields = [keyField("amount-lines", "A line for each", lines, "(one line)", (value) => {
      lines = value;
      redrawAll();
    }), ...fixedFields(...used)];
    if (bySweep && byPayment) {
      fields.unshift({ id: "amount-source", label: "Amounts", value: source,
        options: [{ value: "sweep", text: "mean, as swept" },
          { value: "payments", text: "of single payments" }],
        choose: (text) => {
          source = text;
          redrawAll();
        } });
    }
    fillChoices(bar, fields);
    lead.textContent = source === "sweep"
      ? "Share of the payments that arrive, with 95 % intervals."
      : "Share of the payments that arrive, by their own amounts, with 95 % intervals over the " +
        `replicates. Amounts with fewer than ${fewestPayments} payments are left out.`;
    const own = source === "sweep" && lines === amountKey ? null : lines;
    const spec = source === "sweep" ? sweptAmountSpec(own, success) : paymentAmountSpec(own);
    if (own === null) legend.replaceChildren();
    else fillLegend(legend, own, linesOf(null, own));
    plot.draw({
      id: "chart-amounts",
      height: 360,
      y: { title: "success rate (%)", unit: "share", scale: "zero" },
      ...spec,
    });
  };
  redraws.push(redraw);
}
