// A question with numbered answers takes the digit as the answer: radio buttons choose, check boxes turn.

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const { target } = event;
  if (!/^[1-9]$/.test(event.key) || !target.matches("input[type=radio], input[type=checkbox]")) return;
  const choices = target.closest("[data-picks]")?.querySelectorAll(`input[type=${target.type}]:not(:disabled)`);
  const chosen = choices?.[Number(event.key) - 1];
  if (!chosen) return;
  event.preventDefault();
  chosen.focus();
  chosen.click();
});
