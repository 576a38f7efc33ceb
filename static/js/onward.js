// A box that holds one key is left for the next one as soon as it is filled; Enter goes on too.

const boxes = () => [...document.querySelectorAll("[data-onward]")];

function goOn(box) {
  const list = boxes();
  const next = list[list.indexOf(box) + 1];
  next?.focus();
  next?.select();
  return next;
}

document.addEventListener("input", (event) => {
  const { target } = event;
  if (event.isComposing || !target.matches("[data-onward]")) return;
  if (target.value.length === 1) goOn(target);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches("[data-onward]")) return;
  if (goOn(event.target)) event.preventDefault();
});
