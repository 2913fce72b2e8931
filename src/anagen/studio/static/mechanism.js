// An edge that is clicked, in the picture or in the table, is looked at without the page being loaded anew.
// Without this module each is a link to the same.
const form = document.getElementById("mechanism-form");

form.addEventListener("click", (event) => {
  const edge = event.target.closest("[data-edge]");
  if (!edge || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  document.getElementById("looked-at").value = edge.dataset.edge;
  form.addEventListener("answered", () => document.getElementById("edge")?.focus(), { once: true });
  form.dispatchEvent(new Event("change"));
});

// the slider goes as far as the patient is followed, and its number tells what is shown
form.addEventListener("answered", () => {
  const week = form.elements.week;
  const view = document.getElementById("mechanism-view");
  week.max = view.dataset.lastWeek;
  document.querySelector(`output[for="${week.id}"]`).textContent = `${week.value} weeks`;
});

// the new edge is added to what the page shows now, which may have moved since it was loaded
document.getElementById("own-form").addEventListener("submit", (event) => {
  event.target.elements.state.value = location.search;
});
