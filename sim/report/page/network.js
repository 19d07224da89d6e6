// The network at the end of a run: its largest nodes, and how far each channel between them is used
// up. Positions come with the numbers.

const depletionOf = (share) => Math.abs(2 * share - 1);
const percent = (share) => `${trimmed(100 * share, 3)} %`;

function channelLine(layout, end, i) {
  const [id, source, destination, capacity] = layout.channels[i];
  const [from, to] = [layout.nodes[source], layout.nodes[destination]];
  const share = end.sourceShare[i];
  const depletion = depletionOf(share);
  return makeSvg("line", {
    x1: from[1], y1: from[2], x2: to[1], y2: to[2],
    stroke: depletionColour(depletion),
    "stroke-width": (0.7 + 2.6 * depletion).toFixed(2),
    "stroke-linecap": "round",
  }, makeSvg("title", {}, `channel ${id}: ${from[0]} can spend ${percent(share)} of ` +
    `${grouped(capacity / 1000, 0)} sat, ${to[0]} the rest; depletion ${percent(depletion)}`));
}

function nodeCircle(layout, end, i, largest) {
  const [name, x, y, capacity] = layout.nodes[i];
  const share = end.nodeShare[i];
  return makeSvg("circle", {
    cx: x, cy: y, r: (4 + 14 * Math.sqrt(capacity / largest)).toFixed(1),
    fill: depletionColour(depletionOf(share)), stroke: ink("text"), "stroke-width": 1.2,
  }, makeSvg("title", {}, `node ${name}: can spend ${percent(share)} of the ` +
    `${grouped(capacity / 1000, 0)} sat in its channels`));
}

function networkSvg(layout, end) {
  const largest = Math.max(1, ...layout.nodes.map(([, , , capacity]) => capacity));
  // Those that are most used up on top.
  const order = [...layout.channels.keys()].sort((a, b) =>
    depletionOf(end.sourceShare[a]) - depletionOf(end.sourceShare[b]) || a - b);
  return makeSvg("svg", { viewBox: "-30 -30 1060 1060", role: "img",
    "aria-label": `Network: ${layout.nodes.length} nodes and ${layout.channels.length} channels ` +
      "coloured by depletion. How many channels are how far used up is in the chart below." },
    makeSvg("g", {}, ...order.map((i) => channelLine(layout, end, i))),
    makeSvg("g", {}, ...layout.nodes.map((_, i) => nodeCircle(layout, end, i, largest))));
}

function rampLegend() {
  const samples = [0, 0.25, 0.5, 0.75, 1];
  const svg = makeSvg("svg", { width: 260, height: 20, "aria-hidden": true },
    ...samples.map((depletion, i) => makeSvg("line", { x1: 6 + i * 52, x2: 46 + i * 52, y1: 10,
      y2: 10, stroke: depletionColour(depletion), "stroke-width": 0.7 + 2.6 * depletion,
      "stroke-linecap": "round" })));
  return make("div", { class: "ramp" }, "both ends can spend alike", svg,
    "one end can spend nothing");
}

function depletionSpec(end) {
  const all = end.byDepletion.reduce((sum, count) => sum + count, 0);
  return {
    id: "chart-depletion",
    title: "How far channels are used up",
    meaning: "all channels of the run, also those that are not drawn. The depletion of a channel " +
      "is |2 × balance / capacity − 1|.",
    height: 240,
    x: { title: "depletion (%)", kind: "linear", unit: "share",
      ticks: [0, 0.2, 0.4, 0.6, 0.8, 1], margin: 0.01 },
    y: { title: "channels (%)", unit: "share", scale: "zero" },
    series: [{
      name: "channels",
      number: 0,
      bars: true,
      colours: end.byDepletion.map((_, i) => depletionColour(i / 9)),
      points: end.byDepletion.map((count, i) => ({ x: (i + 0.5) / 10, y: count / all,
        label: `${10 * i} to ${10 * (i + 1)} %: ${grouped(count, 0)} channels` })),
    }],
  };
}

function pointText(point) {
  return numbers.keys
    .map((key, i) => ({ key, place: numbers.points[point][i] }))
    .filter(({ key }) => key.values.length > 1)
    .map(({ key, place }) => `${key.title} ${keyValueText(key, place)}`)
    .join(", ") || "the only point";
}

function networkSection() {
  const section = document.getElementById("network");
  const lead = section.querySelector(".lead");
  const bar = section.querySelector(".choices");
  const picture = section.querySelector(".picture");
  if (!numbers.network) {
    lead.className = "note";
    lead.replaceChildren("Channels were not recorded. With ",
      make("code", {}, "record.channels = true"), " in the experiment, or ",
      make("code", {}, "--set record.channels=true"), " on the command line, this is a picture " +
      "of where the money lies when a run ends.");
    picture.remove();
    return;
  }
  const plot = new Plot(section.querySelector(".one"));
  const { ends, layouts } = numbers.network;
  let shown = 0;
  const redraw = () => {
    const end = ends[shown];
    const layout = layouts[end.layout];
    fillChoices(bar, ends.length < 2 ? [] : [{
      id: "network-point",
      label: "Point",
      value: String(shown),
      options: ends.map(({ point }, i) => ({ value: String(i), text: pointText(point) })),
      choose: (text) => {
        shown = Number(text);
        redraw();
      },
    }]);
    const all = layout.allNodes === layout.nodes.length &&
      layout.allChannels === layout.channels.length;
    const drawn = all ? `All ${layout.allNodes} nodes and ${layout.allChannels} channels`
      : `${layout.nodes.length} of ${grouped(layout.allNodes, 0)} nodes, those with the highest ` +
        `capacity, and ${layout.channels.length} of ${grouped(layout.allChannels, 0)} channels, ` +
        "the largest between them";
    lead.textContent = `${drawn}, in run ${end.run} (the first replicate). ` +
      `The ${isDark() ? "brighter" : "darker"} and thicker a channel, the more of its money ` +
      "lies at one end; the larger a node, the higher the capacity of its channels. Point at one " +
      "for its numbers.";
    picture.replaceChildren(networkSvg(layout, end), rampLegend());
    plot.draw(depletionSpec(end));
  };
  redraws.push(redraw);
}
