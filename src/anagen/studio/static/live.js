// A form whose page answers while it is being moved: <form data-live="fragment-id" action="/clinic">.
// Leading throttle, the former request given up, only the fragment replaced; the address holds the state.
// With data-live-on="change" it asks once a control is left or chosen, for pages that take longer.
const WAIT = 30;

// What the reader did to the old fragment holds in the new one: focus, what is folded out, how far it is scrolled.
function replace(old, fresh) {
  const focus = old.contains(document.activeElement) ? document.activeElement.id : "";
  for (const held of old.querySelectorAll("details[id], [tabindex][id]")) {
    const here = fresh.querySelector(`[id="${CSS.escape(held.id)}"]`);
    if (!here) continue;
    if ("open" in held) here.open = held.open;
    const across = held.scrollLeft;
    if (across) requestAnimationFrame(() => (here.scrollLeft = across));
  }
  old.replaceWith(fresh);
  if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
}

export function live(form) {
  const target = () => document.getElementById(form.dataset.live);
  let running = null, last = 0, timer = 0;

  const address = () => {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string" && value !== "") query.append(name, value);
    return `${form.getAttribute("action") || location.pathname}?${query}`;
  };

  async function ask(keep) {
    clearTimeout(timer);
    last = performance.now();
    running?.abort();
    const mine = (running = new AbortController());
    const here = address();
    try {
      const answer = await fetch(here, { headers: { "X-Fragment": "1" }, signal: mine.signal });
      if (answer.status === 429) {
        timer = setTimeout(() => ask(keep), 1000 * Number(answer.headers.get("Retry-After") ?? 1));
        return;
      }
      const text = await answer.text();
      if (mine.signal.aborted) return;
      const page = new DOMParser().parseFromString(text, "text/html");
      const fresh = page.getElementById(form.dataset.live);
      if (!fresh) throw new Error("no fragment");
      replace(target(), fresh);
      document.body.classList.remove("unanswered");
      history[keep ? "pushState" : "replaceState"](null, "", here);
      form.dispatchEvent(new CustomEvent("answered", { bubbles: true }));
    } catch (error) {
      if (error.name === "AbortError") return;
      document.body.classList.add("unanswered");
      document.getElementById("said").textContent = "The studio does not answer. What you see is the last picture.";
    }
  }

  if (form.dataset.liveOn !== "change") form.addEventListener("input", () => {
    const wait = WAIT - (performance.now() - last);
    clearTimeout(timer);
    if (wait <= 0) ask(false);
    else timer = setTimeout(() => ask(false), wait);
  });
  form.addEventListener("change", () => ask(true));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(true);
  });
  window.addEventListener("popstate", () => location.reload());
}
