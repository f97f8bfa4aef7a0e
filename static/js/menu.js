// The menu of an account opens without this script; with it, it also gets out of the way again.

const menu = document.querySelector(".account-menu");
const name = menu.querySelector("summary");

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !menu.open) return;
  // Who is in the menu goes on from its name, and who is elsewhere stays there.
  if (menu.contains(document.activeElement)) name.focus();
  menu.open = false;
});

for (const going of ["focusin", "click"]) {
  document.addEventListener(going, (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
}
