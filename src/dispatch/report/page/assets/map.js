// The map itself: draws its layers when something changed, and listens to hand and keyboard.
const mapBox = document.getElementById("map");
const canvas = mapBox.querySelector("canvas");
const pen = canvas.getContext("2d");
const tip = document.getElementById("tip");
const PAN_PX = 80;
let mapPending = false;

function redrawMap() {
  if (mapPending) return;
  mapPending = true;
  requestAnimationFrame(() => {
    mapPending = false;
    drawMap();
  });
}

function drawMap() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name);
  const ratio = devicePixelRatio || 1;
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.font = "600 11px sans-serif";
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  ground(pen, colour);
  tileLayer(pen);
  streetLayer(pen, colour);
  routeLayer(pen, colour);
  anchorLayer(pen, colour);
  unassignedLayer(pen, colour);
  stopLayer(pen, colour);
}

function fitCanvas() {
  const first = view.width === 1;
  const ratio = devicePixelRatio || 1;
  [view.width, view.height] = [mapBox.clientWidth, mapBox.clientHeight];
  [canvas.width, canvas.height] = [view.width * ratio, view.height * ratio];
  if (first) showEverything();
  drawMap();
}

function showEverything() {
  showBox(...data.frame);
  view.least = view.scale / 4;
}

const pointers = new Map();
let moved = false;

canvas.addEventListener("pointerdown", (event) => {
  canvas.setPointerCapture(event.pointerId);
  pointers.set(event.pointerId, [event.offsetX, event.offsetY]);
  moved = false;
});

canvas.addEventListener("pointermove", (event) => {
  const [px, py] = [event.offsetX, event.offsetY];
  const before = pointers.get(event.pointerId);
  if (!before) return pointAt(px, py);
  if (!moved && Math.hypot(px - before[0], py - before[1]) < 4) return;
  moved = true;
  canvas.classList.add("dragged");
  const other = [...pointers].find(([id]) => id !== event.pointerId);
  if (other) {
    const spread = (point) => Math.hypot(point[0] - other[1][0], point[1] - other[1][1]) || 1;
    zoomAt(spread([px, py]) / spread(before), (px + other[1][0]) / 2, (py + other[1][1]) / 2);
  } else {
    panBy(px - before[0], py - before[1]);
  }
  pointers.set(event.pointerId, [px, py]);
  redrawMap();
});

for (const over of ["pointerup", "pointercancel"]) {
  canvas.addEventListener(over, (event) => {
    const alone = pointers.delete(event.pointerId) && pointers.size === 0;
    canvas.classList.remove("dragged");
    if (over === "pointerup" && alone && !moved) choose(under(event.offsetX, event.offsetY));
  });
}

canvas.addEventListener("pointerleave", () => {
  tip.hidden = true;
  hover(null);
});

// The wheel scrolls the page past the map, until the map is in use.
canvas.addEventListener("wheel", (event) => {
  if (!event.ctrlKey && document.activeElement !== canvas) return;
  event.preventDefault();
  zoomAt(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0016)), event.offsetX, event.offsetY);
  redrawMap();
}, { passive: false });

canvas.addEventListener("keydown", (event) => {
  const act = {
    ArrowLeft: () => panBy(PAN_PX, 0), ArrowRight: () => panBy(-PAN_PX, 0),
    ArrowUp: () => panBy(0, PAN_PX), ArrowDown: () => panBy(0, -PAN_PX),
    "+": () => zoomAt(1.4), "=": () => zoomAt(1.4), "-": () => zoomAt(1 / 1.4),
    0: showEverything, Escape: () => select({ from: "map" }),
  }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
  redrawMap();
});

const mapActs = { in: () => zoomAt(1.6), out: () => zoomAt(1 / 1.6), all: showEverything };
for (const button of mapBox.querySelectorAll("[data-map]")) {
  button.addEventListener("click", () => {
    mapActs[button.dataset.map]();
    redrawMap();
  });
}

function choose(found) {
  if (!found) return select({ from: "map" });
  if (found.reason) return select({ unassigned: found, from: "map" });
  select(found.stops ? { route: found, from: "map" } : { visit: found, from: "map" });
}

function pointAt(px, py) {
  const found = under(px, py);
  canvas.classList.toggle("pointing", Boolean(found));
  hover(found && !selection.route ? found.route || (found.stops ? found : null) : null);
  tip.hidden = !found;
  if (!found) return;
  tip.textContent = tipText(found);
  tip.style.left = `${Math.max(0, Math.min(px + 14, view.width - tip.offsetWidth - 8))}px`;
  tip.style.top = `${py + 18 + tip.offsetHeight > view.height ? py - tip.offsetHeight - 8 : py + 18}px`;
}

function tipText(found) {
  if (found.stops) return found.technician;
  const title = titleOf(found.details);
  if (found.reason) return `${title} · ${say("map.unassigned")}`;
  return `${found.route.technician} · ${found.number} · ${title} · ${clock(found.start)}`;
}

selection.changed.push((from) => {
  if (from && from !== "map" && from !== "hover" && from !== "date") reveal();
  redrawMap();
});

// A choice made elsewhere brings its place into view, and moves nothing that is seen already.
function reveal() {
  const mark = selection.visit || selection.unassigned;
  if (mark) {
    const [x, y] = onScreen(mark.at);
    const inside = x > 30 && y > 30 && x < view.width - 30 && y < view.height - 30;
    if (!inside) [view.x, view.y] = mark.at;
  } else if (selection.route) {
    showRoute(selection.route);
  }
}
