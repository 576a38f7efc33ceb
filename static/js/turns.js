// A consultation by two keys: a digit chooses what it was about, the next one how it ended.

const nth = (place, selector, key) => document.querySelectorAll(`[data-turn] ${place} ${selector}`)[Number(key) - 1];

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || !/^[1-9]$/.test(event.key)) return;
  const { target } = event;
  if (target.closest("[data-topics]")) {
    const topic = nth("[data-topics]", "input", event.key);
    if (!topic) return;
    topic.checked = true;
    nth("[data-outcomes]", "button", 1).focus();
  } else if (target.closest("[data-outcomes]")) {
    nth("[data-outcomes]", "button", event.key)?.click();
  } else return;
  event.preventDefault();
});
