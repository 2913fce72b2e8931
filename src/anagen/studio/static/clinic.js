// The Clinic: scalps follow the week, everything else follows the form, people are followed in the background.
import { say } from "/static/studio.js";

const WAIT = 30, RESTS = 300, SETTLED = 400, POLL = 700, STEP = 160;
const form = document.getElementById("clinic-form");
const slider = document.getElementById("f-week");
const play = document.getElementById("play");
const byId = (id) => document.getElementById(id);
let running = null, last = 0, timer = 0, waiting = 0, resting = 0, pending = false, pressed = false, playing = false;

const query = () => {
  const found = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string" && value !== "") found.append(name, value);
  return found.toString();
};

async function fetched(address) {
  running?.abort();
  const mine = (running = new AbortController());
  const answer = await fetch(address, { headers: { "X-Fragment": "1" }, signal: mine.signal });
  const text = await answer.text();
  if (mine.signal.aborted) throw new DOMException("given up", "AbortError");
  if (answer.status >= 500) throw new Error(String(answer.status));
  return [answer.status, new DOMParser().parseFromString(text, "text/html")];
}

function replace(page, ids) {
  const focused = document.activeElement?.id;
  for (const id of ids) {
    const fresh = page.getElementById(id), old = byId(id);
    if (!fresh || !old) continue;
    for (const open of old.querySelectorAll("details[open][id]")) {
      const same = fresh.querySelector(`#${open.id}`);
      if (same) same.open = true;
    }
    old.replaceWith(fresh);
  }
  if (focused && document.activeElement?.id !== focused) byId(focused)?.focus({ preventScroll: true });
}

function unanswered(error) {
  if (error.name === "AbortError") return;
  document.body.classList.add("unanswered");
  say("The studio does not answer. What you see is the last picture.");
  stop();
}

function moveCursors() {
  for (const chart of document.querySelectorAll("svg.chart")) {
    const place = Number(chart.dataset.left) + Number(chart.dataset.step) * Number(slider.value);
    chart.querySelector(".cursor")?.setAttribute("transform", `translate(${place} 0)`);
  }
  for (const words of document.querySelectorAll("[data-week]")) words.textContent = slider.value;
}

const remember = (keep) => history[keep ? "pushState" : "replaceState"](null, "", `/clinic?${query()}`);

// The week alone: two scalps, the numbers and a hundred people.
async function askWeek(keep) {
  last = performance.now();
  pending = false;
  moveCursors();
  if (!byId("clinic-week")) return;
  try {
    const [, page] = await fetched(`/clinic/week?${query()}`);
    replace(page, ["clinic-week", "clinic-hundred"]);
    document.body.classList.remove("unanswered");
    remember(keep);
  } catch (error) {
    unanswered(error);
  }
}

// A slider of the person or the treatment: scalps, numbers and courses now, everything else once it rests.
async function askMoved() {
  last = performance.now();
  pending = false;
  clearTimeout(waiting);
  clearTimeout(resting);
  if (!byId("clinic-charts")) return askAll(true);
  try {
    const [status, page] = await fetched(`/clinic/dose?${query()}`);
    if (status !== 200) return askAll(true);
    replace(page, ["clinic-week", "clinic-charts"]);
    document.body.classList.remove("unanswered");
    remember(false);
    resting = setTimeout(() => askAll(false), RESTS);
  } catch (error) {
    unanswered(error);
  }
}

// Everything, with the controls, which depend on what is chosen.
async function askAll(keep) {
  last = performance.now();
  pending = false;
  clearTimeout(waiting);
  clearTimeout(resting);
  try {
    const [, page] = await fetched(`/clinic?${query()}`);
    // a slider that is held stays where it is
    replace(page, pressed ? ["clinic-view", "clinic-tools"] : ["clinic-view", "clinic-controls", "clinic-tools"]);
    document.body.classList.remove("unanswered");
    remember(keep);
    follow();
  } catch (error) {
    unanswered(error);
  }
}

function throttled(ask) {
  const wait = WAIT - (performance.now() - last);
  clearTimeout(timer);
  pending = wait > 0;
  if (!pending) ask(false);
  else timer = setTimeout(() => ask(false), wait);
}

// People like the person: asked for once nothing has been moved for a moment, then again until they are there.
function follow(wait = SETTLED) {
  clearTimeout(waiting);
  if (byId("clinic-people")?.hasAttribute("data-waits")) waiting = setTimeout(askPeople, wait);
}

async function askPeople() {
  if (document.visibilityState === "hidden") return follow(POLL);
  const asked = query();
  try {
    const answer = await fetch(`/clinic/people?${asked}`, { headers: { "X-Fragment": "1" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (asked.replace(/week=\d+/, "") !== query().replace(/week=\d+/, "")) return;
    if (answer.status === 202) replace(page, ["clinic-wait"]);
    else if (answer.ok) {
      replace(page, ["clinic-people", "clinic-answer"]);
      moveCursors();
      return;
    }
    follow(POLL);
  } catch (error) {
    unanswered(error);
    follow(4 * POLL);
  }
}

form.addEventListener("input", (event) => {
  if (event.target.type === "range") throttled(askMoved);
});
form.addEventListener("change", (event) => {
  if (event.target.type === "range") return pending || remember(true);
  clearTimeout(timer);
  askAll(true);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  askAll(true);
});
slider.addEventListener("input", () => throttled(askWeek));
slider.addEventListener("change", () => {
  if (!pending) return remember(true);
  clearTimeout(timer);
  askWeek(true);
});
document.addEventListener("pointerdown", () => (pressed = true));
for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => (pressed = false));
// files hold what is shown when they are asked for
document.addEventListener("click", (event) => {
  const file = event.target.closest("a[download]");
  if (file) file.search = `?${query()}`;
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("#another")) return;
  event.preventDefault();
  const seed = byId("f-seed");
  seed.value = Number(seed.value || 0) + 1;
  askAll(true);
});
window.addEventListener("popstate", () => location.reload());

function stop() {
  playing = false;
  play.textContent = "Play";
}

async function run() {
  while (playing) {
    const began = performance.now();
    slider.value = Number(slider.value) + 1;
    const output = document.querySelector('output[for="f-week"]');
    if (output) output.textContent = slider.value;
    await askWeek(false);
    if (Number(slider.value) >= Number(slider.max)) stop();
    await new Promise((done) => setTimeout(done, Math.max(0, STEP - (performance.now() - began))));
  }
}

if (!window.matchMedia("(prefers-reduced-motion: reduce)").matches) {
  play.hidden = false;
  play.addEventListener("click", () => {
    if (playing) return stop();
    playing = true;
    play.textContent = "Pause";
    if (Number(slider.value) >= Number(slider.max)) slider.value = 0;
    run();
  });
}
follow(0);
