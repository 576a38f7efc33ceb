// Seats kept for the call: kept longer while the clerk works on, given back when the desk is left. Keeping them
// is asked for by the page itself once everything is chosen, and there are buttons for it without a script.

const RENEW_AFTER = 4 * 60 * 1000;
const DESK = new URL(".", new URL(document.querySelector("#choose").action)).pathname;
let askedAt = Date.now();
let goesTo = "";

const note = () => document.querySelector("#kept [hx-trigger*=renew]");

function renew() {
  askedAt = Date.now();
  note()?.dispatchEvent(new Event("renew"));
}

function isInDesk(address) {
  return address !== "" && new URL(address, location.href).pathname.startsWith(DESK);
}

function release() {
  const url = document.querySelector("[data-kept]")?.dataset.kept;
  if (!url || isInDesk(goesTo)) return;
  const form = new FormData();
  form.set("csrfmiddlewaretoken", document.querySelector("#register [name=csrfmiddlewaretoken]").value);
  navigator.sendBeacon(url, form);
}

for (const sign of ["keydown", "pointerdown"]) {
  document.addEventListener(sign, () => {
    if (Date.now() - askedAt > RENEW_AFTER) renew();
  });
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[name=slot][form=register]")) renew();
});

document.addEventListener("htmx:afterSettle", () => {
  askedAt = Date.now();
});

document.addEventListener("click", (event) => {
  goesTo = event.target.closest("a[href]")?.href ?? goesTo;
});

document.addEventListener("submit", (event) => {
  goesTo = event.submitter?.getAttribute("formaction") ?? event.target.action;
});

addEventListener("pagehide", release);
addEventListener("pageshow", (event) => {
  goesTo = "";
  if (event.persisted) renew();
});
