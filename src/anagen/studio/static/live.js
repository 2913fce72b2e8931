// A form whose page answers while it is being moved: <form data-live="fragment-id" action="/clinic">.
// Leading throttle, the former request given up, only the fragment replaced; the address holds the state.
const WAIT = 30;

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
      const text = await answer.text();
      if (mine.signal.aborted) return;
      const page = new DOMParser().parseFromString(text, "text/html");
      const fresh = page.getElementById(form.dataset.live);
      if (!fresh) throw new Error("no fragment");
      target().replaceWith(fresh);
      document.body.classList.remove("unanswered");
      history[keep ? "pushState" : "replaceState"](null, "", here);
      form.dispatchEvent(new CustomEvent("answered", { bubbles: true }));
    } catch (error) {
      if (error.name === "AbortError") return;
      document.body.classList.add("unanswered");
      document.getElementById("said").textContent = "The studio does not answer. What you see is the last picture.";
    }
  }

  form.addEventListener("input", () => {
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
