// A menu that is a <details> closes on Escape and when one turns to something else.

const open = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of open()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

for (const turn of ["pointerdown", "focusin"]) {
  document.addEventListener(turn, (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
}
