// The improvement curve: the best cost so far over the seconds of the run, as steps.
const curveBox = document.getElementById("curve");
const CURVE = { width: 460, height: 170, left: 0, right: 8, top: 18, bottom: 26 };

function wholeMoney(minor) {
  return new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 }).format(minor / 10 ** data.decimals);
}

function drawCurve() {
  if (!curveBox) return;
  const steps = data.curve;
  const [first, last] = [steps[0], steps[steps.length - 1]];
  const costs = steps.map((step) => step[1]);
  const [low, high] = [Math.min(...costs), Math.max(...costs)];
  const { width, height, left, right, top, bottom } = CURVE;
  const x = (seconds) => left + (seconds / (last[0] || 1)) * (width - left - right);
  const y = (cost) => top + ((high - cost) / (high - low || 1)) * (height - top - bottom);
  const path = steps.map(([seconds, cost], at) =>
    (at ? `H${x(seconds)}V${y(cost)}` : `M${x(seconds)} ${y(cost)}`)).join("");
  const label = (text, at, row, anchor) => {
    const made = shape("text", { x: at, y: row, "text-anchor": anchor });
    made.textContent = text;
    return made;
  };
  const base = height - bottom + 6;
  const drawing = shape("svg", { viewBox: `0 0 ${width} ${height}`, role: "img" }, [
    shape("line", { x1: left, x2: width, y1: base, y2: base }),
    shape("path", { d: path }),
    shape("circle", { cx: x(last[0]), cy: y(last[1]), r: 3.5 }),
    label(wholeMoney(high), left, top - 6, "start"),
    label(wholeMoney(last[1]), x(last[0]) - 10, y(last[1]) - 8, "end"),
    label("0", left, height - 4, "start"),
    label(`${last[0].toFixed(1)} ${say("curve.seconds")}`, width, height - 4, "end"),
  ]);
  drawing.setAttribute("aria-label", say("curve.label", {
    seconds: last[0].toFixed(1), first: wholeMoney(first[1]), last: wholeMoney(last[1]),
  }));
  curveBox.replaceChildren(drawing);
}
