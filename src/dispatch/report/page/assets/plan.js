// The plan as the script walks it: lines unpacked, visits tied to their routes and crews.
function unpacked(text) {
  const points = [];
  let [at, x, y] = [0, 0, 0];
  const step = () => {
    let [number, shift, letter] = [0, 0, 0];
    do {
      letter = text.charCodeAt(at++) - 63;
      number += (letter & 31) * 2 ** shift;
      shift += 5;
    } while (letter >= 32);
    return number % 2 ? -(number + 1) / 2 : number / 2;
  };
  while (at < text.length) points.push([(x += step()), (y += step())]);
  return points;
}

function pathOf(lines) {
  const path = new Path2D();
  for (const line of lines) {
    line.forEach(([x, y], index) => (index ? path.lineTo(x, y) : path.moveTo(x, y)));
  }
  return path;
}

data.routes.forEach((route, index) => {
  route.index = index;
  route.points = unpacked(route.line);
  route.path = pathOf([route.points]);
  const [first, last] = route.visits;
  route.stops = data.visits.slice(first, last);
  route.stops.forEach((visit) => { visit.route = route; });
});
data.visits.forEach((visit, index) => {
  visit.index = index;
  visit.details = data.jobs[visit.job];
});
data.unassigned.forEach((mark, index) => {
  mark.index = index;
  mark.details = data.jobs[mark.job];
});

function crewOf(visit) {
  return visit.details.visits.map((index) => data.visits[index]).filter((other) => other !== visit);
}

function titleOf(job) {
  return job.name ? `${job.id} ${job.name}` : job.id;
}

function paint(route) {
  return data.palette[route.colour];
}

// In the dark a colour is lifted towards white, or the deep ones would sink into the ground.
const darkness = matchMedia("screen and (prefers-color-scheme: dark)");
const printing = { now: false };
const deep = data.palette.map((pair) => [...pair]);
function lift() {
  const dark = darkness.matches && !printing.now;
  deep.forEach(([colour, ink], index) => {
    data.palette[index] = dark ? [mixed(colour, 0.38), "#000000"] : [colour, ink];
  });
}
function mixed(colour, part) {
  const channels = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return `rgb(${channels.map((one) => Math.round(one + (255 - one) * part)).join(" ")})`;
}
lift();
