// The telephone desk by keys: Esc starts again, and Enter in the form of somebody new goes on to the next
// question instead of sending. The buttons do the same without a script.

const QUESTIONS = ":is(input, select):not([type=hidden]):not(:disabled)";

function questions() {
  const groups = new Map();
  for (const input of document.querySelectorAll(`#newcomer ${QUESTIONS}`)) {
    if (!input.checkVisibility()) continue;
    const key = input.type === "radio" || input.type === "checkbox" ? input.name : input.id;
    if (!groups.has(key) || input.checked) groups.set(key, input);
  }
  return groups;
}

function goOn(input) {
  const groups = questions();
  const keys = [...groups.keys()];
  const now = keys.findIndex((key) => key === input.id || key === input.name);
  const next = groups.get(keys[now + 1]) ?? document.getElementById("go");
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  const { target } = event;
  if (event.key === "Escape" && !document.querySelector("details.menu[open]")) {
    document.querySelector("[data-escape]")?.click();
  } else if (event.key === "Enter" && target.matches(`#newcomer ${QUESTIONS}`)) {
    event.preventDefault();
    goOn(target);
  }
});
