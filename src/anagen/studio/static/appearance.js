// Runs before the page is painted, so that a dark page does not flash.
const chosen = localStorage.getItem("appearance");
if (chosen === "light" || chosen === "dark") document.documentElement.dataset.appearance = chosen;
