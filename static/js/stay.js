// A part of the page that is refreshed by itself never takes the keyboard away: where the control in hand has
// gone with its row, its heading is next. (What is still there keeps the focus by its id.)

let section = "";

document.addEventListener("htmx:beforeSwap", (event) => {
  const held = document.activeElement;
  const inside = event.detail.target?.contains(held);
  section = inside ? (held.closest("section[aria-labelledby]")?.getAttribute("aria-labelledby") ?? "") : "";
});

document.addEventListener("htmx:afterSettle", () => {
  if (!section || document.activeElement !== document.body) return;
  document.getElementById(section)?.focus();
  section = "";
});
