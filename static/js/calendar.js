// The calendar by keys: arrows walk from day to day, PageUp and PageDown turn the page, Enter opens the day.
// One day at a time is in the order of the Tab key; without this script each of them is.

const table = document.querySelector(".cal");
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
const days = () => [...table.querySelectorAll("[data-day]")].filter((day) => day.offsetParent);

function later(day, step) {
  const date = new Date(`${day}T00:00Z`);
  date.setUTCDate(date.getUTCDate() + step);
  return date.toISOString().slice(0, 10);
}

function choose(day, { focus = true } = {}) {
  table.querySelectorAll("[data-day]").forEach((each) => (each.tabIndex = each === day ? 0 : -1));
  if (focus) day.focus();
}

function turn(step, day) {
  const link = document.querySelector(`[data-turn="${step}"]`);
  const url = new URL(link.href);
  if (day) url.searchParams.set("day", day);
  url.hash = `d-${url.searchParams.get("day")}`;
  location.assign(url);
}

// Where a narrow window leaves out the days without classes, a step goes to the next that is there.
function walk(from, step) {
  const wanted = later(from, step);
  const shown = days();
  const inside = step < 0 ? wanted >= shown[0].dataset.day : wanted <= shown.at(-1).dataset.day;
  if (!inside) return turn(Math.sign(step), wanted);
  const onward = step < 0 ? shown.reverse() : shown;
  choose(onward.find((day) => (step < 0 ? day.dataset.day <= wanted : day.dataset.day >= wanted)));
}

if (table) {
  document.querySelector("#calendar-keys").hidden = false;
  const asked = document.getElementById(location.hash.slice(1));
  const first = asked?.offsetParent ? asked : table.querySelector("[aria-current]") ?? days()[0];
  if (first) choose(first, { focus: first === asked });
  table.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const day = event.target.closest("[data-day]")?.dataset.day;
    if (event.key === "PageUp") turn(-1);
    else if (event.key === "PageDown") turn(1);
    else if (day && STEPS[event.key]) walk(day, STEPS[event.key]);
    else return;
    event.preventDefault();
  });
}
