// Keeping a listing at once: the focus stays at the button, which comes anew with each answer, and
// what failed is said. Without this file the same buttons lead through a page.

const form = () => document.getElementById("favorite-form");
const isOurs = (event) => event.detail.requestConfig?.elt === form();
let pressed = null;

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[form='favorite-form']");
  // A listing may stand in two lists of a page.
  if (button) pressed = { place: button.closest("[id]")?.id, keeps: button.dataset.keeps };
});

document.body.addEventListener("htmx:afterSettle", (event) => {
  if (!isOurs(event) || !pressed || document.activeElement !== document.body) return;
  const around = document.getElementById(pressed.place) ?? document;
  const button = pressed.keeps
    ? around.querySelector(`[data-keeps="${pressed.keeps}"]`)
    : document.querySelector("#favorite-told a");
  button?.focus({ preventScroll: true });
});

const problem = document.getElementById("favorite-problem");
const say = (isHidden) => (event) => { if (isOurs(event)) problem.hidden = isHidden; };
for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.body.addEventListener(name, say(false));
}
document.body.addEventListener("htmx:afterOnLoad", say(true));
