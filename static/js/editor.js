// Comfort for whoever writes a listing: numbers of characters, days by era, more groups without a new
// page, the body as it will look, what may be there already, and a copy of what is typed. The editor
// works without this script.

const PAUSE_MS = 600;
const KEEPING_PAUSE_MS = 2000;
const RETRY_MS = 15000;

const editor = document.querySelector("[data-editor]");
const form = editor?.querySelector("form.form");

const soon = (act, pause) => {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, pause);
  };
};

// A line below a field, which is told with it.
function noteBelow(field) {
  const note = document.createElement("p");
  note.id = `${field.id}-note`;
  note.className = "field__note";
  field.after(note);
  const others = field.getAttribute("aria-describedby");
  field.setAttribute("aria-describedby", [others, note.id].filter(Boolean).join(" "));
  return note;
}

function countCharacters(field) {
  const limit = Number(field.dataset.limit);
  const note = noteBelow(field);
  const show = () => {
    const length = [...field.value.trim()].length;
    const over = length - limit;
    note.classList.toggle("field__note--over", over > 0);
    note.textContent = over > 0
      ? `${length.toLocaleString()}文字。あと${over.toLocaleString()}文字減らしてください。`
      : `${length.toLocaleString()} / ${limit.toLocaleString()}文字`;
  };
  field.addEventListener("input", show);
  show();
}

const ERA = new Intl.DateTimeFormat("ja-JP-u-ca-japanese", {
  era: "long", year: "numeric", month: "long", day: "numeric", weekday: "short",
});

function tellEra(field) {
  const note = noteBelow(field);
  const show = () => {
    const [year, month, day] = field.value.slice(0, 10).split("-").map(Number);
    note.textContent = year > 1900 && day ? ERA.format(new Date(year, month - 1, day)) : "";
  };
  field.addEventListener("input", show);
  show();
}

function comfort(part) {
  for (const field of part.querySelectorAll("[data-limit]")) countCharacters(field);
  const days = "input[type=date], input[type=datetime-local]";
  for (const field of part.querySelectorAll(days)) tellEra(field);
}

// One more group: the last one again, with the next number and nothing in it.
function addGroup(button) {
  const prefix = button.dataset.adds;
  const groups = form.querySelectorAll(`[data-group=${prefix}]`);
  const last = groups[groups.length - 1];
  const [before, after] = [`${prefix}-${groups.length - 1}-`, `${prefix}-${groups.length}-`];
  const fresh = last.cloneNode(true);
  fresh.querySelectorAll(".field__note, .field__error").forEach((note) => note.remove());
  for (const element of fresh.querySelectorAll("[id], [name], [for], [aria-describedby]")) {
    for (const name of ["id", "name", "for"]) {
      const value = element.getAttribute(name);
      if (value) element.setAttribute(name, value.replace(before, after));
    }
    if (element.hasAttribute("aria-describedby")) {
      const hint = element.closest(".field").querySelector(".hint");
      if (hint) element.setAttribute("aria-describedby", hint.id.replace(before, after));
      else element.removeAttribute("aria-describedby");
    }
    element.removeAttribute("aria-invalid");
    if (element.matches("input, select")) element.value = "";
  }
  fresh.querySelectorAll("[data-found]").forEach((found) => found.replaceChildren());
  const legend = fresh.querySelector("legend");
  legend.textContent = legend.textContent.replace(/\d+/, (number) => Number(number) + 1);
  last.after(fresh);
  comfort(fresh);
  fresh.querySelector("input").focus();
}

const MOST = { rounds: 10, events: 20, relations: 10 };

function addGroupsHere() {
  for (const button of form.querySelectorAll("[data-adds]")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      const { adds } = button.dataset;
      if (form.querySelectorAll(`[data-group=${adds}]`).length < MOST[adds]) addGroup(button);
      if (form.querySelectorAll(`[data-group=${adds}]`).length >= MOST[adds]) button.hidden = true;
    });
  }
}

// How many places are chosen in a fold that is closed.
function countPlaces() {
  for (const fold of form.querySelectorAll("[data-places]")) {
    const summary = fold.querySelector("summary");
    const count = document.createElement("span");
    count.className = "choices__count";
    summary.append(" ", count);
    const show = () => {
      const number = fold.querySelectorAll("input:checked").length;
      count.textContent = number ? `${number}つ選択中` : "";
    };
    fold.addEventListener("change", show);
    show();
  }
}

function showBody() {
  const frame = form.querySelector("[data-body-preview]");
  const shown = form.querySelector("[data-body-shown]");
  const field = form.elements.body;
  const render = async () => {
    const sent = new FormData();
    sent.set("csrf_token", form.elements.csrf_token.value);
    sent.set("body", field.value);
    try {
      const answer = await fetch(editor.dataset.body, { method: "POST", body: sent });
      if (!answer.ok || answer.redirected) return;
      shown.innerHTML = await answer.text();
      frame.hidden = !field.value.trim();
    } catch {
      // Without a connection the page shows what it showed before.
    }
  };
  field.addEventListener("input", soon(render, PAUSE_MS));
  form.querySelector("[data-shows-body]").addEventListener("click", async (event) => {
    event.preventDefault();
    await render();
    shown.tabIndex = -1;
    shown.focus();
  });
  if (field.value.trim()) render();
}

function showSimilar() {
  const list = form.querySelector("[data-similar-list]");
  const { title, agency } = form.elements;
  let shown = title.value;
  const ask = async () => {
    if (title.value === shown) return;
    shown = title.value;
    const address = new URL(editor.dataset.similar, location.href);
    address.searchParams.set("title", title.value);
    if (agency) address.searchParams.set("agency", agency.value);
    try {
      const answer = await fetch(address);
      if (answer.ok && !answer.redirected && title.value === shown) list.innerHTML = await answer.text();
    } catch {
      // It is asked again with the next character.
    }
  };
  title.addEventListener("input", soon(ask, PAUSE_MS));
}

// Which listing is meant by what is typed for one that is related. Groups may be added later, so the
// form listens for all of them.
function findListings() {
  const ask = async (group) => {
    const field = group.querySelector("input");
    const text = field.value;
    const address = new URL(editor.dataset.relatable, location.href);
    address.searchParams.set("text", text);
    address.searchParams.set("number", field.name.split("-")[1]);
    if (form.elements.agency) address.searchParams.set("agency", form.elements.agency.value);
    try {
      const answer = await fetch(address);
      if (!answer.ok || answer.redirected || field.value !== text) return;
      group.querySelector("[data-found]").innerHTML = await answer.text();
    } catch {
      // It is asked again with the next character.
    }
  };
  const timers = new WeakMap();
  form.addEventListener("input", ({ target }) => {
    const group = target.closest("[data-relation]");
    if (!group || !target.matches("input")) return;
    if (!timers.has(group)) timers.set(group, soon(() => ask(group), PAUSE_MS));
    timers.get(group)();
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-takes], [data-finds]");
    if (!button) return;
    event.preventDefault();
    const group = button.closest("[data-relation]");
    const field = group.querySelector("input");
    if (button.dataset.takes) {
      field.value = button.dataset.takes;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      group.querySelector("select").focus();
    }
    ask(group);
  });
}

function keepWhatIsTyped() {
  const status = form.querySelector("[data-kept]");
  const address = editor.dataset.keeps;
  let isDirty = false;
  let isKept = true;
  let isGoing = false;
  let request = new AbortController();

  const keep = async () => {
    if (!address || isKept || isGoing) return;
    isKept = true;
    request.abort();
    request = new AbortController();
    try {
      const answer = await fetch(address, {
        method: "POST", body: new FormData(form), signal: request.signal,
        // Requests that outlive their page may not be long.
        keepalive: document.visibilityState === "hidden",
      });
      if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
      const { saved_at: savedAt } = await answer.json();
      status.textContent = `入力中の内容を保存しました ${savedAt}`;
    } catch (error) {
      if (error.name === "AbortError") return;
      isKept = false;
      status.textContent = "いまは自動で保存できません。つながりを確かめて、この画面を閉じずにお待ちください。";
      setTimeout(keep, RETRY_MS);
    }
  };
  const keepSoon = soon(keep, KEEPING_PAUSE_MS);

  form.addEventListener("input", () => {
    isDirty = true;
    isKept = false;
    keepSoon();
  });
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    // What is being kept must not arrive after what is saved.
    isGoing = true;
    request.abort();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep();
  });
  addEventListener("pageshow", () => { isGoing = false; });
  addEventListener("beforeunload", (event) => {
    if (isDirty && !isGoing) event.preventDefault();
  });
}

if (form) {
  comfort(form);
  addGroupsHere();
  countPlaces();
  showBody();
  showSimilar();
  findListings();
  keepWhatIsTyped();
}
