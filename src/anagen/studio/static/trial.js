// The form of a study while it is typed in: what is wrong and what will be simulated follow, and a change that is made
// is saved as a new row, whose address the page then has. Without it the buttons do the same.
const WAIT = 350;
// who chooses by typing the first letters is not cut off between two of them
const CHOOSING = 700;
const form = () => document.getElementById("study");
let running = null, timer = 0, unsaved = false;

async function ask(save) {
  clearTimeout(timer);
  unsaved &&= !save;
  running?.abort();
  const mine = (running = new AbortController());
  const body = new FormData(form());
  if (save) body.append("go", body.get("step"));
  const address = form().dataset.study + (save ? "" : "/look");
  try {
    const answer = await fetch(address, { method: "POST", body, headers: { "X-Fragment": "1" }, signal: mine.signal });
    if (answer.status === 429) {
      // typed faster than the studio takes forms: ask again when it does
      timer = setTimeout(() => ask(save), 1000 * Number(answer.headers.get("Retry-After") ?? 2));
      return;
    }
    const text = await answer.text();
    if (mine.signal.aborted) return;
    const fresh = new DOMParser().parseFromString(text, "text/html");
    if (!fresh.getElementById("pane")) throw new Error("no page");
    take(fresh, save);
    document.body.classList.remove("unanswered");
    if (save && answer.redirected && answer.url !== location.href) history.pushState(null, "", answer.url);
  } catch (error) {
    if (error.name === "AbortError") return;
    document.body.classList.add("unanswered");
    document.getElementById("said").textContent = "The studio does not answer. What you typed is still here; try again.";
  }
}

// The panes are put in place; controls only where they changed and are not being typed in.
function take(fresh, saved) {
  const open = new Set([...document.querySelectorAll("details[open][data-more]")].map((one) => one.dataset.more));
  const focus = document.activeElement, top = document.getElementById("pane").scrollTop;
  put("found", fresh);
  if (!document.getElementById("pane").contains(focus)) put("pane", fresh);
  else for (const id of ["estimate"]) put(id, fresh);
  const mine = controls(document), theirs = controls(fresh);
  if (saved && [...mine.keys()].join() !== [...theirs.keys()].join()) put("form", fresh);
  else
    for (const [id, one] of theirs) {
      const here = mine.get(id);
      if (here && !here.contains(document.activeElement) && here.outerHTML !== one.outerHTML) {
        if (saved) here.replaceWith(document.adoptNode(one));
        else problem(here, one);
      } else if (here) problem(here, one);
    }
  if (saved) {
    form().dataset.study = fresh.getElementById("study").dataset.study;
    form().setAttribute("action", form().dataset.study);
    document.querySelectorAll(".steps .step").forEach((step, place) => {
      step.innerHTML = fresh.querySelectorAll(".steps .step")[place].innerHTML;
    });
    document.querySelector("h1").textContent = fresh.querySelector("h1").textContent;
  }
  document.querySelectorAll("details[data-more]").forEach((one) => open.has(one.dataset.more) && (one.open = true));
  document.getElementById("pane").scrollTop = top;
  if (!focus?.id || document.activeElement === focus) return;
  const again = document.getElementById(focus.id);
  again?.focus({ preventScroll: true });
  // what is being typed there is kept
  if (again?.matches("input[type=text], textarea")) again.value = focus.value;
}

function put(id, fresh) {
  const here = document.getElementById(id), there = fresh.getElementById(id);
  if (here && there) here.replaceWith(document.adoptNode(there));
}

const controls = (page) => new Map([...page.querySelectorAll("#form .control")].map((one) => [one.id, one]));

function problem(here, there) {
  here.classList.toggle("wrong", there.classList.contains("wrong"));
  here.querySelector(".problem")?.remove();
  const told = there.querySelector(".problem");
  if (told) here.append(document.adoptNode(told));
  const control = here.querySelector("input:not([type=hidden]), select, textarea");
  const other = there.querySelector("input:not([type=hidden]), select, textarea");
  for (const name of ["aria-invalid", "aria-describedby"]) {
    if (other?.hasAttribute(name)) control.setAttribute(name, other.getAttribute(name));
    else control?.removeAttribute(name);
  }
}

const ours = (control) => control.form?.id === "study" && !control.hasAttribute("data-not-live");

document.addEventListener("input", (event) => {
  if (!ours(event.target) || event.target.matches("select, [type=checkbox]")) return;
  clearTimeout(timer);
  timer = setTimeout(() => ask(false), WAIT);
});
document.addEventListener("change", (event) => {
  if (!ours(event.target)) return;
  if (!event.target.matches("select")) return void ask(true);
  unsaved = true;
  clearTimeout(timer);
  timer = setTimeout(() => ask(true), CHOOSING);
});
document.addEventListener("focusout", () => unsaved && ask(true));
// each address is a saved study: Back shows the one before
window.addEventListener("popstate", () => location.reload());
