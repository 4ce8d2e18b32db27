// How one route of the Gantt chart is drawn. x comes from seconds, y from rows.
const SVG = "http://www.w3.org/2000/svg";
const ROW = 28;
const BAR = { top: 6, height: 16 };

function shape(name, attributes = {}, children = []) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function box(kind, x1, x2, top, height, more = {}) {
  return shape("rect", { class: kind, x: x1, y: top, width: Math.max(0.75, x2 - x1), height, ...more });
}

function routeShapes(route, top, x) {
  const middle = top + ROW / 2;
  const drawn = [];
  if (route.overtime > 0) {
    drawn.push(box("over", x(route.shift[1]), x(route.span[1]), top + 1, ROW - 2));
  }
  for (const moment of route.shift) {
    drawn.push(shape("line", {
      class: "bound", x1: x(moment), x2: x(moment), y1: top + 3, y2: top + ROW - 3,
    }));
  }
  for (const [kind, start, end] of route.phases) {
    if (kind === "travel") drawn.push(box("travel", x(start), x(end), middle - 1.5, 3));
    if (kind === "wait") {
      drawn.push(shape("line", { class: "wait", x1: x(start), x2: x(end), y1: middle, y2: middle }));
    }
    if (kind === "break") drawn.push(box("break", x(start), x(end), top + BAR.top, BAR.height));
  }
  return drawn;
}

function visitShape(visit, top, x) {
  const [colour, ink] = paint(visit.route);
  const [start, ready, end] = [visit.start, visit.start + visit.setup, visit.end].map(x);
  const [y, height] = [top + BAR.top, BAR.height];
  const parts = [];
  if (visit.setup) parts.push(box("setup", start, ready, y, height, { fill: colour }));
  parts.push(box("body", ready, end, y, height, { fill: colour, rx: 2 }));
  if (end - ready > 15) {
    const label = shape("text", { x: (ready + end) / 2, y: y + height / 2 + 4, fill: ink });
    label.textContent = visit.number;
    parts.push(label);
  }
  if (visit.late) {
    const from = Math.max(visit.start, visit.end - visit.late);
    parts.push(box("late", x(from), end, y + height + 1, 3.5));
  }
  return shape("g", { class: "visit", role: "button", tabindex: -1 }, parts);
}

// The times in which the chosen visit may start, and when it should have ended.
function windowShapes(visit, top, x) {
  const shapes = visit.details.windows.map(([start, end, kind]) => {
    const [from, to] = [x.bounded(start), x.bounded(end)];
    const preferred = kind === "preferred" ? " preferred" : "";
    return box(`window${preferred}`, from, to, top + 1.5, ROW - 3, { rx: 3 });
  });
  const due = visit.details.due;
  if (due !== null && x.bounded(due) === x(due)) {
    shapes.push(shape("line", { class: "due", x1: x(due), x2: x(due), y1: top, y2: top + ROW }));
  }
  return shapes;
}

// A line from one crew mate's start to the next one's.
function tieShapes(from, to, x, topOf, chosen) {
  const [x1, x2] = [x(from.start), x(to.start)];
  const [y1, y2] = [topOf(from.route) + ROW / 2, topOf(to.route) + ROW / 2];
  const mark = chosen ? " chosen" : "";
  return [
    shape("path", { class: `tie${mark}`, d: `M${x1} ${y1}V${(y1 + y2) / 2}H${x2}V${y2}` }),
    ...[[x1, y1], [x2, y2]].map(([cx, cy]) =>
      shape("circle", { class: `tie-end${mark}`, cx, cy, r: 3 })),
  ];
}
