// The page's words, in the language chosen, and moments as wall clocks of the day's zone.
const data = JSON.parse(document.getElementById("plan").textContent);
const tongue = { now: data.lang, changed: [] };

function say(key, values = {}) {
  return data.texts[tongue.now][key].replace(/\{(\w+)\}/g, (whole, name) =>
    name in values ? String(values[name]) : whole);
}

function speak(lang) {
  tongue.now = lang;
  document.documentElement.lang = lang;
  for (const button of document.querySelectorAll("#languages button")) {
    button.setAttribute("aria-pressed", String(button.dataset.lang === lang));
  }
  for (const labelled of document.querySelectorAll("[data-label]")) {
    labelled.setAttribute("aria-label", say(labelled.dataset.label));
    if (labelled.tagName === "BUTTON") labelled.title = say(labelled.dataset.label);
  }
  for (const listener of tongue.changed) listener();
}

const wallClock = new Intl.DateTimeFormat("en-GB", {
  timeZone: data.zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});
function clock(seconds) {
  return wallClock.format(new Date((data.epoch + seconds) * 1000));
}

function dateText(iso, style) {
  const locale = tongue.now === "zh" ? "zh-CN" : "en-GB";
  return new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...style })
    .format(new Date(`${iso}T00:00:00Z`));
}

function duration(seconds) {
  const minutes = Math.round(seconds / 60);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (!hours) return say("figure.minutes", { minutes: rest });
  return say("figure.hours", { hours, minutes: String(rest).padStart(2, "0") });
}

function kilometres(metres) {
  return say("figure.kilometres", { kilometres: (metres / 1000).toFixed(1) });
}
