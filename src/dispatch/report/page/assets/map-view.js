// Where the map looks: the metres under its middle and how many pixels one metre takes.
const view = { x: 0, y: 0, scale: 1, width: 1, height: 1, least: 1e-4, most: 4 };

function showBox(west, north, east, south) {
  const room = 1.02;
  view.x = (west + east) / 2;
  view.y = (north + south) / 2;
  view.scale = Math.min(view.width / (east - west), view.height / (south - north)) / room;
}

function showRoute(route) {
  const points = [...route.points, ...route.stops.map((visit) => visit.at)];
  if (!points.length) return;
  const [xs, ys] = [points.map((point) => point[0]), points.map((point) => point[1])];
  const box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  const margin = 200 + 0.08 * Math.max(box[2] - box[0], box[3] - box[1]);
  showBox(box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin);
}

function onScreen([x, y]) {
  return [
    (x - view.x) * view.scale + view.width / 2,
    (y - view.y) * view.scale + view.height / 2,
  ];
}

function zoomAt(factor, px = view.width / 2, py = view.height / 2) {
  const next = Math.max(view.least, Math.min(view.most, view.scale * factor));
  const keep = 1 / view.scale - 1 / next;
  view.x += (px - view.width / 2) * keep;
  view.y += (py - view.height / 2) * keep;
  view.scale = next;
}

function panBy(px, py) {
  view.x -= px / view.scale;
  view.y -= py / view.scale;
}

// The stop or job left out under a point of the screen, else the route whose line passes there.
function under(px, py) {
  const near = (mark) => {
    const [x, y] = onScreen(mark.at);
    return Math.hypot(x - px, y - py);
  };
  const marks = [...shownRoutes().flatMap((route) => route.stops), ...data.unassigned];
  const lit = litRoutes();
  let [best, nearest] = [null, 13];
  for (const mark of marks) {
    const away = near(mark) + (lit && !lit.has(mark.route) ? 4 : 0);
    if (away < nearest) [best, nearest] = [mark, away];
  }
  return best || lineUnder(px, py);
}

function lineUnder(px, py) {
  const x = (px - view.width / 2) / view.scale + view.x;
  const y = (py - view.height / 2) / view.scale + view.y;
  let [best, nearest] = [null, 7 / view.scale];
  for (const route of shownRoutes()) {
    for (let at = 1; at < route.points.length; at++) {
      const away = awayFrom(x, y, route.points[at - 1], route.points[at]);
      if (away < nearest) [best, nearest] = [route, away];
    }
  }
  return best;
}

function awayFrom(x, y, [x1, y1], [x2, y2]) {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const length2 = dx * dx + dy * dy;
  const part = length2 ? Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / length2)) : 0;
  return Math.hypot(x - x1 - part * dx, y - y1 - part * dy);
}
