// Comfort for forms, which work without it: a password shown, a page printed, problems brought up,
// a second click forgiven.

for (const box of document.querySelectorAll("[data-shows]")) {
  const field = document.getElementById(box.dataset.shows);
  const show = () => {
    field.type = box.checked ? "text" : "password";
  };
  box.addEventListener("change", show);
  // A password that is shown when the form goes would be offered again by the browser as text.
  field.form.addEventListener("submit", () => {
    box.checked = false;
    show();
  });
}

// What is sent twice is answered twice, and the second answer, which is the one that shows, knows only
// that the code or link was used. Later clicks count again: the first may have been stopped.
const FORGIVEN_MS = 5000;
for (const form of document.querySelectorAll("form[method=post]")) {
  let sentAt = -FORGIVEN_MS;
  form.addEventListener("submit", (event) => {
    if (event.timeStamp - sentAt < FORGIVEN_MS) {
      event.preventDefault();
    } else {
      sentAt = event.timeStamp;
    }
  });
}

for (const button of document.querySelectorAll("[data-prints]")) {
  button.addEventListener("click", () => window.print());
}

// Older browsers know autofocus on fields alone.
document.getElementById("problems")?.focus();
