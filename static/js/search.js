// Comfort on the search page: the filters as a sheet on narrow screens, folds that stay as they
// were, the list in view and the focus in place after a change. Everything works without it.

const WIDE = window.matchMedia("(min-width: 64rem)");
const form = document.getElementById("search-form");
const sheet = document.getElementById("filter-sheet");
const filters = document.getElementById("filters");

// The panel itself moves into the dialog and back: there is one set of inputs, always in the form.
function openSheet() {
  sheet.append(filters);
  sheet.showModal();
  filters.querySelector(".filters__body").scrollTop = 0;
}

sheet.addEventListener("close", () => {
  form.insertBefore(filters, sheet);
  document.querySelector("[data-opens-sheet]").focus();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-opens-sheet]")) {
    event.preventDefault();
    openSheet();
  } else if (sheet.open && event.target.closest("[data-closes-sheet]")) {
    // What was chosen is shown already.
    event.preventDefault();
    sheet.close();
    document.getElementById("results").scrollIntoView();
  }
});

WIDE.addEventListener("change", () => sheet.open && sheet.close());

// Folds the reader opened or closed stay that way when the counts change.
document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
  for (const fresh of event.detail.fragment.querySelectorAll("details[id]")) {
    const shown = document.getElementById(fresh.id);
    if (shown) fresh.open = shown.open;
  }
});

// Keeping a listing changes nothing of the search: favorites.js looks after it.
const isSearch = (event) => event.detail.requestConfig?.elt.id !== "favorite-form";

document.body.addEventListener("htmx:afterSettle", (event) => {
  if (!isSearch(event)) return;
  const results = document.getElementById("results");
  if (sheet.open) return;
  if (results.getBoundingClientRect().top < 0) results.scrollIntoView();
  // What was pressed may be gone with the old list; the keyboard goes on from the new one.
  if (document.activeElement === document.body) {
    document.getElementById("results-title").focus({ preventScroll: true });
  }
});

const problem = document.getElementById("network-problem");
const say = (isHidden) => (event) => { if (isSearch(event)) problem.hidden = isHidden; };
for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.body.addEventListener(name, say(false));
}
document.body.addEventListener("htmx:afterSwap", say(true));
