// Brings the page to life: dates, language, links from the tables, sorting, printing.
function drawDates() {
  const full = { weekday: "long", day: "numeric", month: "long", year: "numeric" };
  const shown = document.getElementById("date");
  shown.textContent = shown.dataset.dates.split(" ").map((iso) => dateText(iso, full)).join(" – ");
  if (data.dates.length < 2) return;
  const buttons = data.dates.map((iso, date) => {
    const short = { weekday: "short", day: "numeric", month: "short" };
    const button = element("button", { type: "button" }, dateText(iso, short));
    button.setAttribute("aria-pressed", String(date === selection.date));
    button.addEventListener("click", () => showDate(date));
    return button;
  });
  document.getElementById("dates").replaceChildren(...buttons);
}

function drawAll() {
  drawDates();
  drawGantt();
  nameBars();
  drawFacts();
  drawCurve();
  redrawMap();
}

tongue.changed.push(drawAll);
selection.changed.push((from) => { if (from !== "hover") drawDates(); });
for (const button of document.querySelectorAll("#languages button")) {
  button.addEventListener("click", () => speak(button.dataset.lang));
}

for (const button of document.querySelectorAll("[data-unassigned]")) {
  button.addEventListener("click", () => {
    select({ unassigned: data.unassigned[Number(button.dataset.unassigned)], from: "table" });
    mapBox.scrollIntoView({ block: "center" });
  });
}
for (const button of document.querySelectorAll("[data-technician]")) {
  button.addEventListener("click", () => {
    const route = data.routes.find((one) => one.id === button.dataset.technician);
    select({ route, from: "table" });
    mapBox.scrollIntoView({ block: "center" });
  });
}

const table = document.getElementById("technicians");
const heads = [...table.querySelectorAll("thead th")];
heads.forEach((head, column) => head.querySelector("button").addEventListener("click", () => {
  const down = head.getAttribute("aria-sort") !== "descending";
  for (const other of heads) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const order = (row) => (column ? Number(row.cells[column].dataset.order) : row.cells[0].textContent);
  const rows = [...table.tBodies[0].rows].sort((one, other) => {
    const [first, second] = [order(one), order(other)];
    const ahead = column ? second - first : first.localeCompare(second);
    return down ? ahead : -ahead;
  });
  table.tBodies[0].append(...rows);
}));

addEventListener("keydown", (event) => {
  if (event.key === "Escape" && (selection.route || selection.unassigned)) select({ from: "page" });
});
darkness.addEventListener("change", () => { lift(); drawAll(); });
for (const [name, now] of [["beforeprint", true], ["afterprint", false]]) {
  addEventListener(name, () => {
    printing.now = now;
    document.documentElement.classList.toggle("printing", now);
    lift();
    drawGantt();
    fitCanvas();
  });
}
let chartWidth = 0;
new ResizeObserver(() => {
  if (printing.now || gantt.clientWidth === chartWidth) return;
  chartWidth = gantt.clientWidth;
  drawGantt();
  nameBars();
}).observe(gantt);
new ResizeObserver(fitCanvas).observe(mapBox);
speak(data.lang);
