// Tells the server that somebody follows a link of a listing: to apply, to ask, or to the agency's own
// page. The link itself is left alone; where there is no script, or a browser sends nothing beside a
// page, it works all the same and is not counted.

const path = document.querySelector("[data-clicks]").dataset.clicks;
const token = document.querySelector("#favorite-form [name='csrf_token']").value;
const MIDDLE = 1;

function tell(event) {
  const link = event.target.closest("a[data-click]");
  if (!link) return;
  const said = new FormData();
  said.set("csrf_token", token);
  said.set("kind", link.dataset.click);
  navigator.sendBeacon?.(path, said);
}

// By thumb, mouse or the Enter key.
document.addEventListener("click", tell);
document.addEventListener("auxclick", (event) => {
  if (event.button === MIDDLE) tell(event);
});
