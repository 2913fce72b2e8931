// What all pages share: copying the address, the appearance, values beside sliders, live fragments.
// Without it every form has a button and works.
import { live } from "/static/live.js";

const said = document.getElementById("said");

export function say(words) {
  said.textContent = "";
  said.textContent = words;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy-link]");
  if (!button) return;
  const address = new URL(location.href);
  address.searchParams.delete("key");
  try {
    await navigator.clipboard.writeText(address.href);
    say("The link is copied. It holds all that this page shows.");
  } catch {
    window.prompt("Copy this link", address.href);
  }
});

const appearance = document.getElementById("appearance");
if (appearance) {
  appearance.value = localStorage.getItem("appearance") ?? "system";
  appearance.addEventListener("change", () => {
    localStorage.setItem("appearance", appearance.value);
    if (appearance.value === "system") delete document.documentElement.dataset.appearance;
    else document.documentElement.dataset.appearance = appearance.value;
  });
}

document.addEventListener("input", (event) => {
  const control = event.target;
  if (control.type !== "range") return;
  const output = document.querySelector(`output[for="${control.id}"]`);
  if (output && !output.hasAttribute("data-own")) {
    output.textContent = control.value + (output.textContent.match(/ .*/)?.[0] ?? "");
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.querySelectorAll("details.menu[open]").forEach((menu) => (menu.open = false));
});

document.querySelectorAll("form[data-live]").forEach(live);
