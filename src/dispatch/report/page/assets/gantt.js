// The Gantt chart: a row for each technician, an axis of wall-clock hours, ties between crews.
const gantt = document.getElementById("gantt");
const LEAST_PX_PER_HOUR = 46;
const PRINT_PX = 1010;
const PRINT_ROWS = 21;
const chart = { rows: [], x: null, groups: new Map(), bars: new Map(), overlay: null };

function drawGantt() {
  const routes = shownRoutes();
  const names = [...new Set(routes.map((route) => route.id))];
  chart.rows = names.map((id) => routes.filter((route) => route.id === id));
  chart.groups.clear();
  chart.bars.clear();
  const grid = element("div", { className: "gantt-grid" });
  gantt.replaceChildren(grid);
  if (!routes.length) return;
  const labels = nameColumn();
  grid.append(element("div", { className: "gantt-corner" }), element("div"), labels, element("div"));
  chart.x = timeScale(routes, labels.offsetWidth);
  grid.children[1].className = "gantt-axis";
  grid.children[1].append(axis());
  grid.children[3].append(body());
  markGantt();
  if (printing.now) gantt.replaceChildren(...printedParts(grid));
}

// On paper the chart comes in parts, each short enough for a page and with its own axis.
function printedParts(grid) {
  const parts = [];
  for (let first = 0; first < chart.rows.length; first += PRINT_ROWS) {
    const part = grid.cloneNode(true);
    const [names, drawing] = [part.children[2], part.children[3].firstChild];
    names.replaceChildren(...[...names.children].slice(first, first + PRINT_ROWS));
    const height = names.children.length * ROW;
    drawing.setAttribute("viewBox", `0 ${first * ROW} ${chart.x.width} ${height}`);
    drawing.setAttribute("height", height);
    parts.push(part);
  }
  return parts;
}

function timeScale(routes, taken) {
  const hour = 3600;
  const offset = zoneShift(routes[0].shift[0]);
  const down = (moment) => Math.floor((moment + offset) / hour) * hour - offset;
  const start = down(Math.min(...routes.flatMap((route) => [route.shift[0], route.span[0]])));
  const last = Math.max(...routes.flatMap((route) => [route.shift[1], route.span[1]]));
  const end = down(last - 1) + hour;
  const room = (printing.now ? PRINT_PX : gantt.clientWidth) - taken - 2;
  const perHour = Math.max(printing.now ? 1 : LEAST_PX_PER_HOUR, room / ((end - start) / hour));
  const x = (moment) => ((moment - start) / hour) * perHour;
  const bounded = (moment) => x(Math.max(start, Math.min(end, moment)));
  return Object.assign(x, { start, end, bounded, width: x(end), perHour });
}

// Seconds by which whole wall-clock hours lie off whole hours from the epoch (half-hour zones).
function zoneShift(moment) {
  return Number(clock(moment).slice(3)) * 60 - (((moment % 3600) + 3600) % 3600);
}

function axis() {
  const { x } = chart;
  const every = x.perHour < 40 ? 2 : 1;
  const labels = [];
  for (let [at, moment] = [0, x.start]; moment < x.end; at++, moment += 3600) {
    if (at % every) continue;
    const label = shape("text", { x: x(moment) + 4, y: 18 });
    label.textContent = clock(moment);
    labels.push(label);
  }
  return shape("svg", { class: "axis", width: x.width, height: 27 }, labels);
}

function body() {
  const { x, rows } = chart;
  const hatch = shape("pattern", {
    id: "hatch", width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)",
  }, [shape("line", { class: "hatch", x1: 0, x2: 0, y1: 0, y2: 5 })]);
  const drawn = [shape("defs", {}, [hatch])];
  rows.forEach((routes, row) => drawn.push(...offHours(routes, row * ROW)));
  for (let moment = x.start; moment < x.end; moment += 3600) {
    const at = Math.round(x(moment)) + 0.5;
    drawn.push(shape("line", { class: "grid", x1: at, x2: at, y1: 0, y2: rows.length * ROW }));
  }
  rows.forEach((routes, row) => routes.forEach((route) => drawn.push(routeGroup(route, row * ROW))));
  chart.overlay = shape("g");
  drawn.push(chart.overlay);
  return shape("svg", { width: x.width, height: rows.length * ROW }, drawn);
}

function offHours(routes, top) {
  const { x } = chart;
  const edges = [x.start, ...routes.flatMap((route) => route.shift), x.end];
  const off = [];
  for (let at = 0; at < edges.length; at += 2) {
    if (edges[at + 1] > edges[at]) off.push(box("off", x(edges[at]), x(edges[at + 1]), top, ROW));
  }
  off.push(shape("line", {
    class: "row-rule", x1: 0, x2: x.width, y1: top + ROW - 0.5, y2: top + ROW - 0.5,
  }));
  return off;
}

function routeGroup(route, top) {
  const bars = route.stops.map((visit) => {
    const bar = visitShape(visit, top, chart.x);
    bar.addEventListener("click", () => select({ visit, from: "gantt" }));
    bar.addEventListener("focus", () => {
      if (selection.visit !== visit) select({ visit, from: "gantt" });
    });
    chart.bars.set(visit, bar);
    return bar;
  });
  const group = shape("g", { class: "route" }, [...routeShapes(route, top, chart.x), ...bars]);
  group.addEventListener("pointerenter", () => { if (!selection.route) hover(route); });
  group.addEventListener("pointerleave", () => hover(null));
  chart.groups.set(route, group);
  return group;
}

function nameColumn() {
  const buttons = chart.rows.map(([route]) => {
    const dot = element("i");
    dot.style.background = paint(route)[0];
    const button = element("button", { type: "button" }, dot, element("span", {}, route.technician));
    button.style.height = `${ROW}px`;
    button.title = route.technician;
    button.addEventListener("click", () => select({ route, from: "gantt-name" }));
    return button;
  });
  return element("div", { className: "gantt-names" }, ...buttons);
}

function topOf(route) {
  return chart.rows.findIndex((routes) => routes.includes(route)) * ROW;
}

// What follows the choice: which routes stand out, windows, ties and where the keyboard is.
function markGantt() {
  if (!chart.overlay) return;
  const lit = litRoutes();
  gantt.classList.toggle("choosing", Boolean(lit));
  for (const [route, group] of chart.groups) group.classList.toggle("lit", Boolean(lit && lit.has(route)));
  const home = selection.visit || data.visits.find((visit) => chart.bars.has(visit));
  for (const [visit, bar] of chart.bars) {
    bar.classList.toggle("chosen", visit === selection.visit);
    bar.setAttribute("tabindex", visit === home ? 0 : -1);
  }
  const chosen = selection.visit;
  const windows = chosen ? windowShapes(chosen, topOf(chosen.route), chart.x) : [];
  chart.overlay.replaceChildren(...windows, ...crewTies(lit));
}

function crewTies(lit) {
  const ties = [];
  for (const job of data.jobs) {
    const crew = job.visits.map((index) => data.visits[index])
      .filter((visit) => chart.bars.has(visit));
    const chosen = crew.includes(selection.visit);
    if (lit && !chosen && !crew.some((visit) => lit.has(visit.route))) continue;
    crew.sort((one, other) => topOf(one.route) - topOf(other.route));
    for (let at = 1; at < crew.length; at++) {
      ties.push(...tieShapes(crew[at - 1], crew[at], chart.x, topOf, chosen));
    }
  }
  return ties;
}

function nameBars() {
  for (const [visit, bar] of chart.bars) {
    bar.setAttribute("aria-label",
      `${visit.route.technician}, ${visit.number}, ${titleOf(visit.details)}, ${clock(visit.start)}`);
  }
}

gantt.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return select({ from: "gantt" });
  const visit = selection.visit;
  if (!visit || !chart.bars.has(document.activeElement && visit)) return;
  const next = {
    ArrowLeft: () => beside(visit, -1), ArrowRight: () => beside(visit, 1),
    ArrowUp: () => above(visit, -1), ArrowDown: () => above(visit, 1),
  }[event.key];
  if (!next) return;
  event.preventDefault();
  const found = next();
  if (found) chart.bars.get(found).focus();
});

function rowOf(visit) {
  return chart.rows.findIndex((routes) => routes.includes(visit.route));
}

function beside(visit, step) {
  const stops = chart.rows[rowOf(visit)].flatMap((route) => route.stops);
  return stops[stops.indexOf(visit) + step];
}

function above(visit, step) {
  for (let row = rowOf(visit) + step; chart.rows[row]; row += step) {
    const stops = chart.rows[row].flatMap((route) => route.stops);
    const away = (stop) => Math.abs(stop.start - visit.start);
    if (stops.length) return stops.reduce((one, other) => (away(other) < away(one) ? other : one));
  }
  return null;
}

let ganttDate = selection.date;
selection.changed.push((from) => {
  if (ganttDate !== selection.date) {
    ganttDate = selection.date;
    drawGantt();
    nameBars();
  }
  markGantt();
  const bar = chart.bars.get(selection.visit);
  if (bar && from !== "gantt" && from !== "hover") scrollToBar(selection.visit);
});

// Scrolls the chart alone; the page stays where it is.
function scrollToBar(visit) {
  const [x, y] = [chart.x(visit.start), topOf(visit.route)];
  const names = gantt.querySelector(".gantt-names").offsetWidth;
  const inX = x > gantt.scrollLeft && x < gantt.scrollLeft + gantt.clientWidth - names - 60;
  const inY = y > gantt.scrollTop && y < gantt.scrollTop + gantt.clientHeight - 90;
  if (!inX) gantt.scrollLeft = x - 80;
  if (!inY) gantt.scrollTop = y - 100;
}
