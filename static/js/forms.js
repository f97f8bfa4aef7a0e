// Comfort for forms, which work without it: a password shown, a page printed, problems brought up.

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

for (const button of document.querySelectorAll("[data-prints]")) {
  button.addEventListener("click", () => window.print());
}

// Older browsers know autofocus on fields alone.
document.getElementById("problems")?.focus();
