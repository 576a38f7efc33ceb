// What is said follows what is asked: the line of the script belongs to the question one stands at, and
// the bar at the bottom repeats the name while it is typed.

function say(step) {
  for (const line of document.querySelectorAll("[data-line]")) {
    const number = Number(line.dataset.line);
    line.classList.toggle("done", number < step);
    if (number === step) line.setAttribute("aria-current", "step");
    else line.removeAttribute("aria-current");
  }
}

document.addEventListener("focusin", (event) => {
  const step = event.target.closest("[data-step]")?.dataset.step;
  if (step) say(Number(step));
});

document.addEventListener("input", (event) => {
  const name = event.target.dataset.echoes;
  if (!name) return;
  for (const place of document.querySelectorAll(`[data-echo="${CSS.escape(name)}"]`)) {
    place.textContent = event.target.value;
  }
});
