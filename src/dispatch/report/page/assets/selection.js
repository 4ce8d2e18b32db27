// What is chosen and what is pointed at: one visit, one route, one job left out, or nothing.
const selection = { route: null, visit: null, unassigned: null, hover: null, date: 0, changed: [] };

function select(part) {
  const { route = null, visit = null, unassigned = null } = part;
  Object.assign(selection, { visit, unassigned, route: visit ? visit.route : route, hover: null });
  if (selection.route) selection.date = selection.route.date;
  tell(part.from);
}

function hover(route) {
  if (selection.hover === route) return;
  selection.hover = route;
  tell("hover");
}

function showDate(date) {
  Object.assign(selection, { date, route: null, visit: null, unassigned: null });
  tell("date");
}

function tell(from) {
  for (const listener of selection.changed) listener(from);
}

// The routes that stand out: the chosen one with its crew mates, or the one pointed at.
function litRoutes() {
  if (selection.visit) {
    return new Set([selection.route, ...crewOf(selection.visit).map((visit) => visit.route)]);
  }
  const one = selection.route || selection.hover;
  return one ? new Set([one]) : null;
}

function shownRoutes() {
  return data.routes.filter((route) => route.date === selection.date);
}
