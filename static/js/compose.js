// The practice telephone: what was sent is cleared from the field, and one goes on typing.

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("[data-compose]");
  if (!form || !event.detail.successful) return;
  form.reset();
  form.querySelector("input:not([type=hidden])").focus();
});
