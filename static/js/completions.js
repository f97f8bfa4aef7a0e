// Completions under the search box: a combobox with a list, chosen from by hand (WAI-ARIA APG).
// Enter searches for what is typed unless an arrow key went into the list. Without this script, or
// without an answer, the box is a plain field.

const PAUSE_MS = 120;
const ANSWERS_KEPT = 100;

const input = document.getElementById("q");
const list = document.getElementById("q-completions");
const count = document.getElementById("q-completions-count");
const answers = new Map();

let active = -1;
let composing = false;
let timer = 0;
let request = new AbortController();

// A field for searches cannot be a combobox by the rules of HTML; a text field can.
input.type = "text";
input.setAttribute("inputmode", "search");
input.setAttribute("autocomplete", "off");
input.setAttribute("role", "combobox");
input.setAttribute("aria-autocomplete", "list");
input.setAttribute("aria-expanded", "false");
input.setAttribute("aria-controls", list.id);

const isOpen = () => !list.hidden;
const typed = () => input.value.trim();
// Who types on before the next answer is there does not mean what is still shown.
const isCurrent = () => isOpen() && list.dataset.typed === typed();

function close() {
  list.hidden = true;
  input.setAttribute("aria-expanded", "false");
  activate(-1);
}

// Nothing that was asked for before may still open the list.
function forget() {
  clearTimeout(timer);
  request.abort();
  count.textContent = "";
  close();
}

function activate(index) {
  list.children[active]?.setAttribute("aria-selected", "false");
  active = index;
  const option = list.children[active];
  if (!option) {
    input.removeAttribute("aria-activedescendant");
    return;
  }
  option.setAttribute("aria-selected", "true");
  input.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function show(completions, text) {
  list.dataset.typed = text;
  list.replaceChildren(...completions.map(optionOf));
  active = -1;
  input.removeAttribute("aria-activedescendant");
  list.hidden = completions.length === 0;
  list.scrollTop = 0;
  input.setAttribute("aria-expanded", String(isOpen()));
  count.textContent = isOpen() ? list.dataset.some.replace("#", completions.length) : list.dataset.none;
}

function optionOf({ text, kind, url }, index) {
  const option = document.createElement("li");
  option.id = `${list.id}-${index}`;
  option.className = "completions__option";
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  option.dataset.url = kind === "word" ? "" : url;
  option.append(span("text", text), " ", span("kind", list.dataset[kind] ?? ""));
  return option;
}

function span(part, text) {
  const element = document.createElement("span");
  element.className = `completions__${part}`;
  element.textContent = text;
  return element;
}

function choose(option) {
  const { url } = option.dataset;
  input.value = option.querySelector(".completions__text").textContent;
  forget();
  if (url) {
    location.assign(url);
  } else {
    input.form.requestSubmit();
  }
}

async function ask() {
  const text = typed();
  request.abort();
  request = new AbortController();
  if (!text) {
    close();
    return;
  }
  const { signal } = request;
  try {
    if (!answers.has(text)) {
      const address = `${list.dataset.source}?${new URLSearchParams({ q: text })}`;
      const response = await fetch(address, { signal });
      if (!response.ok) throw new Error(response.statusText);
      if (answers.size >= ANSWERS_KEPT) answers.clear();
      answers.set(text, await response.json());
    }
    if (!signal.aborted && document.activeElement === input) show(answers.get(text), text);
  } catch {
    // Searching works without completions, so a lost connection is not worth a word.
    if (!signal.aborted) close();
  }
}

function askSoon() {
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE_MS);
}

input.addEventListener("compositionstart", () => {
  composing = true;
  forget();
});
input.addEventListener("compositionend", () => {
  composing = false;
  askSoon();
});

input.addEventListener("input", (event) => {
  // Half a word of an input method is not what anybody wants to search for.
  if (composing || event.isComposing) return;
  activate(-1);
  askSoon();
});

input.addEventListener("keydown", (event) => {
  // The key that ends a composition is told as 229, in Safari after the composition has ended.
  if (composing || event.isComposing || event.keyCode === 229) {
    if (event.key === "Enter") event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey) return;
  KEYS[event.key]?.(event);
});

const KEYS = {
  ArrowDown(event) {
    event.preventDefault();
    if (!isCurrent()) {
      ask();
    } else if (!event.altKey) {
      activate(active + 1 < list.children.length ? active + 1 : -1);
    }
  },
  ArrowUp(event) {
    event.preventDefault();
    if (isCurrent()) activate(active < 0 ? list.children.length - 1 : active - 1);
  },
  Enter(event) {
    if (isCurrent() && active >= 0) {
      event.preventDefault();
      choose(list.children[active]);
    }
  },
  Escape(event) {
    if (isOpen()) {
      event.preventDefault();
      forget();
    }
  },
  Home: () => activate(-1),
  End: () => activate(-1),
  ArrowLeft: () => activate(-1),
  ArrowRight: () => activate(-1),
};

// Pressing an option must not take the focus out of the field, which would close the list.
list.addEventListener("mousedown", (event) => event.preventDefault());
list.addEventListener("click", (event) => {
  const option = event.target.closest("[role=option]");
  if (option) choose(option);
});

input.addEventListener("blur", forget);
input.form.addEventListener("submit", forget);
window.addEventListener("pageshow", forget);
