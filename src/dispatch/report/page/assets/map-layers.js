// What the map draws, from the ground up: tiles, streets, routes, outlets, stops, jobs left out.
const streetPaths = Object.fromEntries(
  Object.entries(data.streets).map(([weight, lines]) => [weight, pathOf(lines.map(unpacked))]),
);
const STREET_WIDTH = { minor: [0.6, 3], middle: [1, 6], major: [1.6, 9] };

function ground(pen, colour) {
  const { width, height } = view;
  pen.fillStyle = colour("--ground");
  pen.fillRect(0, 0, width, height);
}

// The streets never change, so they are drawn once, on a sheet with room around what is seen, and
// laid under the rest from there. While the map zooms the sheet is stretched; at rest it is redrawn.
const sheet = document.createElement("canvas");
const drawnAs = { look: "", x: 0, y: 0, scale: 1, later: 0 };
const SHEET_SIZE = 1.7;
const SHEET_STRETCH = 2.5;
const REST_MS = 160;

function streetLayer(pen, colour) {
  const ratio = devicePixelRatio || 1;
  const [width, height] = [view.width * SHEET_SIZE, view.height * SHEET_SIZE];
  const look = [width, height, ratio, colour("--minor")].join();
  if (drawnAs.look !== look || !sheetCovers(width, height)) {
    drawSheet(look, width, height, ratio, colour);
  } else if (drawnAs.scale !== view.scale) {
    clearTimeout(drawnAs.later);
    drawnAs.later = setTimeout(() => { drawnAs.look = ""; redrawMap(); }, REST_MS);
  }
  const stretch = view.scale / drawnAs.scale;
  const [x, y] = onScreen([drawnAs.x, drawnAs.y]);
  pen.drawImage(sheet, x - (width * stretch) / 2, y - (height * stretch) / 2,
    width * stretch, height * stretch);
}

function sheetCovers(width, height) {
  const stretch = view.scale / drawnAs.scale;
  const [x, y] = onScreen([drawnAs.x, drawnAs.y]);
  return stretch <= SHEET_STRETCH
    && Math.abs(x - view.width / 2) <= (width * stretch - view.width) / 2
    && Math.abs(y - view.height / 2) <= (height * stretch - view.height) / 2;
}

function drawSheet(look, width, height, ratio, colour) {
  Object.assign(drawnAs, { look, x: view.x, y: view.y, scale: view.scale });
  [sheet.width, sheet.height] = [Math.ceil(width * ratio), Math.ceil(height * ratio)];
  const under = sheet.getContext("2d");
  under.scale(ratio, ratio);
  under.translate((width - view.width) / 2, (height - view.height) / 2);
  inMetres(under, () => drawStreets(under, colour));
}

// Widths grow with the scale, from a hairline to metres of asphalt.
function drawStreets(pen, colour) {
  for (const weight of ["minor", "middle", "major"]) {
    const [least, most] = STREET_WIDTH[weight];
    const pixels = Math.max(least, Math.min(most, view.scale * most * 2));
    pen.lineWidth = pixels / view.scale;
    pen.strokeStyle = colour(`--${weight}`);
    pen.stroke(streetPaths[weight]);
  }
}

function routeLayer(pen, colour) {
  const lit = litRoutes();
  const order = shownRoutes().sort((one, other) => isLit(lit, one) - isLit(lit, other));
  inMetres(pen, () => {
    for (const route of order) {
      const strong = lit && lit.has(route);
      pen.globalAlpha = lit && !strong ? 0.16 : 1;
      if (!lit || strong) {
        pen.lineWidth = (strong ? 7 : 4) / view.scale;
        pen.strokeStyle = colour("--ground");
        pen.stroke(route.path);
      }
      pen.lineWidth = (strong ? 4 : 2.25) / view.scale;
      pen.strokeStyle = paint(route)[0];
      pen.stroke(route.path);
    }
  });
  pen.globalAlpha = 1;
}

function isLit(lit, route) {
  return lit && lit.has(route) ? 1 : 0;
}

function anchorLayer(pen, colour) {
  const lit = litRoutes();
  for (const route of shownRoutes()) {
    if (lit && !lit.has(route)) continue;
    for (const anchor of route.anchors) diamond(pen, onScreen(anchor), paint(route)[0], colour);
  }
  for (const outlet of data.outlets) square(pen, onScreen(outlet.at), colour);
}

function diamond(pen, [x, y], stroke, colour) {
  pen.beginPath();
  pen.moveTo(x, y - 6);
  pen.lineTo(x + 6, y);
  pen.lineTo(x, y + 6);
  pen.lineTo(x - 6, y);
  pen.closePath();
  pen.fillStyle = colour("--surface");
  pen.strokeStyle = stroke;
  pen.lineWidth = 2;
  pen.fill();
  pen.stroke();
}

function square(pen, [x, y], colour) {
  pen.fillStyle = colour("--surface");
  pen.fillRect(x - 7, y - 7, 14, 14);
  pen.fillStyle = colour("--ink");
  pen.fillRect(x - 5.5, y - 5.5, 11, 11);
}

// Far away a stop is a dot; close by, or on a route that is lit, it carries its number.
function stopLayer(pen, colour) {
  const lit = litRoutes();
  const order = shownRoutes().sort((one, other) => isLit(lit, one) - isLit(lit, other));
  for (const route of order) {
    const strong = isLit(lit, route);
    pen.globalAlpha = lit && !strong ? 0.22 : 1;
    const numbered = strong || (!lit && view.scale > 0.13);
    const radius = numbered ? 9 : view.scale > 0.05 ? 4.5 : 3.5;
    for (const visit of route.stops) stopMark(pen, visit, radius, numbered, colour);
  }
  pen.globalAlpha = 1;
  if (selection.visit) ring(pen, onScreen(selection.visit.at), 13, colour("--ink"), colour);
}

function stopMark(pen, visit, radius, numbered, colour) {
  const [x, y] = onScreen(visit.at);
  if (x < -20 || y < -20 || x > view.width + 20 || y > view.height + 20) return;
  const [fill, ink] = paint(visit.route);
  pen.beginPath();
  pen.arc(x, y, radius, 0, 7);
  pen.fillStyle = fill;
  pen.fill();
  pen.lineWidth = numbered ? 1.5 : 1;
  pen.strokeStyle = colour("--ground");
  pen.stroke();
  if (!numbered) return;
  pen.fillStyle = ink;
  pen.fillText(String(visit.number), x, y + 0.5);
}

function unassignedLayer(pen, colour) {
  for (const mark of data.unassigned) {
    const chosen = selection.unassigned === mark;
    ring(pen, onScreen(mark.at), chosen ? 9 : 6, colour("--alert"), colour, true);
    if (chosen) ring(pen, onScreen(mark.at), 13, colour("--ink"), colour);
  }
}

function ring(pen, [x, y], radius, stroke, colour, filled = false) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 7);
  pen.fillStyle = colour("--surface");
  if (filled) pen.fill();
  pen.lineWidth = 2.5;
  pen.strokeStyle = stroke;
  pen.stroke();
}

function inMetres(pen, draw) {
  pen.save();
  pen.translate(view.width / 2, view.height / 2);
  pen.scale(view.scale, view.scale);
  pen.translate(-view.x, -view.y);
  pen.lineJoin = pen.lineCap = "round";
  draw();
  pen.restore();
}
