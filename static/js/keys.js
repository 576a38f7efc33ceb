// Keys of the staff pages: a link or button marked data-key answers to that key; J and K walk through
// the rows of what needs a hand, Enter opens the row's act. No key works while one is typing.

const TYPING = "input, select, textarea, [contenteditable]";
const rows = () => [...document.querySelectorAll(".todo li")];

function walk(step) {
  const list = rows();
  if (!list.length) return;
  const now = list.findIndex((row) => row.classList.contains("is-on"));
  const next = list[Math.min(Math.max(now + step, 0), list.length - 1)];
  list.forEach((row) => row.classList.toggle("is-on", row === next));
  next.querySelector(".act")?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function press(key) {
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!target) return false;
  if (target.matches("input, select, textarea")) target.select?.() ?? target.focus();
  else target.click();
  target.focus();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const isFunctionKey = /^F\d+$/.test(event.key);
  if (!isFunctionKey && event.target.closest(TYPING)) return;
  if (event.key === "j") walk(1);
  else if (event.key === "k") walk(-1);
  else if (!press(event.key.length === 1 ? event.key.toUpperCase() : event.key)) return;
  event.preventDefault();
});
