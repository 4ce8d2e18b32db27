// The panel beside the map: the routes, or what is known about the one thing chosen.
const panel = document.getElementById("facts");

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter((child) => child !== null));
  return made;
}

function drawFacts() {
  if (selection.visit) return panel.replaceChildren(...visitFacts(selection.visit));
  if (selection.unassigned) return panel.replaceChildren(...unassignedFacts(selection.unassigned));
  if (selection.route) return panel.replaceChildren(...routeFacts(selection.route));
  panel.replaceChildren(...routeList());
}

function routeList() {
  const items = shownRoutes().map((route) => {
    const late = route.stops.filter((visit) => visit.late).length;
    const swatch = element("i", { className: "swatch bar" });
    swatch.style.background = paint(route)[0];
    const aside = element("span", { className: late ? "aside alert" : "aside" },
      `${clock(route.span[0])} – ${clock(route.span[1])} · ${route.stops.length}`);
    return choice([swatch, element("span", { className: "name" }, route.technician), aside],
      () => select({ route, from: "facts" }), () => hover(route));
  });
  return [element("h3", {}, say("facts.routes")), element("ol", {}, ...items)];
}

function choice(parts, act, point = null) {
  const button = element("button", { type: "button" }, ...parts);
  button.addEventListener("click", act);
  if (point) {
    button.addEventListener("pointerenter", point);
    button.addEventListener("pointerleave", () => hover(null));
  }
  return element("li", {}, button);
}

function eyebrow(text) {
  const back = element("button", { type: "button", className: "link" }, say("facts.back"));
  back.addEventListener("click", () => select({ from: "facts" }));
  return element("p", { className: "eyebrow" }, element("span", {}, text), back);
}

function routeFacts(route) {
  const overtime = route.overtime ? duration(route.overtime) : null;
  const stops = route.stops.map((visit) => {
    const [fill, ink] = paint(route);
    const swatch = element("i", { className: "swatch" }, String(visit.number));
    Object.assign(swatch.style, { background: fill, color: ink, fontStyle: "normal" });
    const aside = element("span", { className: visit.late ? "aside alert" : "aside" },
      `${clock(visit.start)} – ${clock(visit.end)}`);
    const name = element("span", { className: "name" }, visit.details.name || visit.details.type);
    return choice([swatch, name, aside], () => select({ visit, from: "facts" }));
  });
  return [
    eyebrow(say("facts.route")),
    element("h3", {}, route.technician),
    list([
      ["facts.shift", `${clock(route.shift[0])} – ${clock(route.shift[1])}`],
      ["facts.route", `${clock(route.span[0])} – ${clock(route.span[1])}`],
      ["phase.travel", `${duration(route.travel)}, ${kilometres(route.metres)}`],
      ["phase.overtime", overtime],
    ]),
    element("ol", {}, ...stops),
  ];
}

function visitFacts(visit) {
  const { details: job, route } = visit;
  const total = route.stops.length;
  return [
    eyebrow(say("facts.stop-of", { number: visit.number, total })),
    element("h3", {}, job.name || job.type),
    element("p", { className: "more" }, [job.site, job.address].filter(Boolean).join(", ")),
    list([
      ["facts.technician", link(route.technician, () => select({ route, from: "facts" }))],
      ["facts.arrive", clock(visit.arrive)],
      ["facts.work-from", `${clock(visit.start)} – ${clock(visit.end)}`],
      ["phase.late", visit.late ? lateText(visit.late) : null],
      ["facts.travel", `${duration(visit.travel)}, ${kilometres(visit.metres)}`],
      ["facts.wait", visit.wait ? duration(visit.wait) : null],
      ["facts.setup", visit.setup ? duration(visit.setup) : null],
      ...jobFacts(job),
      ["facts.needs", needsText(visit.needs)],
      ["facts.crew", crewLinks(visit)],
    ]),
  ];
}

function unassignedFacts(mark) {
  const job = mark.details;
  return [
    eyebrow(say("facts.unassigned")),
    element("h3", {}, job.name || job.type),
    element("p", { className: "more" }, [job.site, job.address].filter(Boolean).join(", ")),
    list([["facts.reason", mark.reason[tongue.now]], ...jobFacts(job)]),
  ];
}

function jobFacts(job) {
  const windows = job.windows.map(([start, end, kind]) =>
    element("p", {}, say(`facts.${kind}`, { from: clock(start), to: clock(end) })));
  return [
    ["facts.windows", windows.length ? windows : say("facts.any-time")],
    ["facts.due", job.due === null ? null : clock(job.due)],
    ["facts.priority", String(job.priority)],
    ["facts.job", job.id],
    ["facts.type", job.name ? job.type : null],
  ];
}

function lateText(seconds) {
  return element("span", { className: "alert" },
    say("facts.late", { minutes: Math.round(seconds / 60) }));
}

function needsText(needs) {
  const level = ([skill, least]) => say("facts.level", { skill, level: least });
  const lines = needs.all.map((group) => group.map(level).join(" / "));
  lines.push(...needs.none.map((skill) => say("facts.not-skill", { skill })));
  return lines.length ? lines.map((line) => element("p", {}, line)) : null;
}

function crewLinks(visit) {
  const others = crewOf(visit);
  if (!others.length) return null;
  return others.map((other) => element("p", {},
    link(other.route.technician, () => select({ visit: other, from: "facts" }))));
}

function link(text, act) {
  const button = element("button", { type: "button", className: "link" }, text);
  button.addEventListener("click", act);
  return button;
}

function list(rows) {
  const made = element("dl");
  for (const [key, content] of rows) {
    if (content === null) continue;
    made.append(element("dt", {}, say(key)), element("dd", {}, ...[content].flat()));
  }
  return made;
}

selection.changed.push((from) => {
  document.body.classList.toggle("choosing", Boolean(selection.route || selection.unassigned));
  if (from !== "hover") drawFacts();
  if (from !== "hover" && from !== "facts") panel.scrollTop = 0;
});
