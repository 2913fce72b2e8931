// The page of a run: its progress asked for once a second while the page is seen. Without it a reload does the same.
const SECOND = 1000;
const place = document.getElementById("progress");

async function look() {
  if (document.visibilityState === "visible") {
    try {
      const answer = await fetch(`${place.dataset.address}?after=${place.dataset.seq}`);
      document.body.classList.remove("unanswered");
      if (answer.status === 200) {
        const told = await answer.json();
        if (!told.active) return location.reload();
        place.dataset.seq = told.seq;
        show(told);
      } else if (answer.status === 404) {
        return location.reload();
      }
    } catch {
      document.body.classList.add("unanswered");
      document.getElementById("said").textContent = "The studio does not answer. The run goes on by itself.";
    }
  }
  setTimeout(look, SECOND);
}

function show(told) {
  const bar = place.querySelector("progress");
  if (told.total > 0) {
    bar.max = told.total;
    bar.value = told.done;
  } else {
    bar.removeAttribute("value");
  }
  for (const name of ["state", "stage", "parts", "time"]) {
    place.querySelector(`[data-told="${name}"]`).textContent = told[`${name}_words`];
  }
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") document.body.classList.remove("unanswered");
});
if (place) setTimeout(look, SECOND);
