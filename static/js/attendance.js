// The day by keys: arrows or J and K walk through the people, 1 2 3 0 mark the one at the cursor and go on to
// the next, Z takes one's last mark back. Marks are sent one after another; the page shows what the server says.

const MARKS = { 1: "present", 2: "excused", 3: "no_show", 0: "" };
const STEPS = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };
let sending = Promise.resolve();
let waiting = 0;
const rows = () => [...document.querySelectorAll("[data-row]")];

function goTo(row) {
  const button = row?.querySelector("[aria-pressed=true]") ?? row?.querySelector("button");
  button?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: "nearest" });
}

function show(html, { isUndo, isLast }) {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("day-now");
  if (!fresh) throw new Error("The rows are missing.");
  document.getElementById("said").textContent = fresh.dataset.said;
  if (!isLast) return;
  const cursor = document.activeElement.id;
  document.getElementById("day-now").replaceWith(fresh);
  if (isUndo && fresh.dataset.saidRow) goTo(document.getElementById(fresh.dataset.saidRow));
  else if (cursor.startsWith("m-")) document.getElementById(cursor)?.focus({ preventScroll: true });
}

async function send(form, body) {
  const response = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } });
  if (!response.ok) throw new Error(response.statusText);
  show(await response.text(), { isUndo: "undo" in form.dataset, isLast: waiting === 1 });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-mark], [data-undo]")) return;
  event.preventDefault();
  const body = new FormData(form, event.submitter);
  waiting += 1;
  for (const button of form.querySelectorAll("[aria-pressed]")) button.ariaPressed = button === event.submitter;
  sending = sending
    .then(() => send(form, body))
    .catch(() => { document.getElementById("failed").hidden = false; })
    .finally(() => { waiting -= 1; });
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat && event.key in MARKS) return;
  if (event.target.closest("input, select, textarea")) return;
  const list = rows();
  const at = list.indexOf(event.target.closest("[data-row]"));
  if (event.key.toLowerCase() === "z") document.querySelector("[data-undo-button]").click();
  else if (event.key in STEPS) goTo(list[Math.min(Math.max(at + STEPS[event.key], 0), list.length - 1)]);
  else if (event.key in MARKS && at >= 0) {
    list[at].querySelector(`button[name=mark][value="${MARKS[event.key]}"]`).click();
    goTo(list[at + 1] ?? list[at]);
  } else return;
  event.preventDefault();
});

goTo(document.querySelector(location.hash || ".day-unknown") ?? rows()[0]);
