// What is being typed → how it may go on, in a list below the box: the combobox pattern of WAI-ARIA.

const PAUSE = 100; // milliseconds without a key before the service is asked
const MOST = 6;

const form = document.getElementById("search");
const box = document.getElementById("q");
const list = document.getElementById("suggestions");

let timer;
let request = new AbortController();
let typed = ""; // what stands in the box while no suggestion is looked at
let active = -1; // which one is

export function suggestWhileTyping() {
  box.role = "combobox";
  box.ariaAutoComplete = "list";
  box.ariaExpanded = "false";
  box.setAttribute("aria-controls", list.id);
  box.addEventListener("input", (event) => {
    if (!event.isComposing) later();
  });
  box.addEventListener("compositionend", later);
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (handle(event.key)) event.preventDefault();
  });
  box.addEventListener("blur", close);
  form.addEventListener("submit", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // The box keeps the focus.
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
}

function later() {
  clearTimeout(timer);
  request.abort();
  typed = box.value;
  if (typed.trim()) timer = setTimeout(ask, PAUSE);
  else close();
}

async function ask() {
  request = new AbortController();
  const { signal } = request;
  try {
    const response = await fetch(`suggest?${new URLSearchParams({ q: typed, limit: MOST })}`, { signal });
    const { suggestions } = await response.json();
    if (!signal.aborted && document.activeElement === box) show(suggestions ?? []);
  } catch {
    // Without suggestions the search goes on.
    if (!signal.aborted) close();
  }
}

function show(suggestions) {
  active = -1;
  list.replaceChildren(...suggestions.filter(({ text }) => text !== typed.trim()).map(option));
  list.hidden = list.childElementCount === 0;
  box.ariaExpanded = String(!list.hidden);
  box.removeAttribute("aria-activedescendant");
}

function option({ text, kind }, at) {
  const item = document.createElement("li");
  item.id = `suggestion-${at}`;
  item.role = "option";
  item.ariaSelected = "false";
  item.dataset.text = text;
  item.append(text);
  if (kind === "title") {
    const about = document.createElement("span");
    about.className = "quiet";
    about.textContent = document.body.dataset.title;
    item.append(" ", about);
  }
  return item;
}

/** Whether the key meant something here. */
function handle(key) {
  if (list.hidden) return false;
  switch (key) {
    case "ArrowDown":
      return look(active + 1);
    case "ArrowUp":
      return look(active - 1);
    case "Escape":
      box.value = typed;
      close();
      return true;
    case "Enter":
      if (active < 0) return false;
      choose(list.children[active]);
      return true;
    default:
      return false;
  }
}

/** Goes to a suggestion, or back to what was typed; below the last come the results. */
function look(at) {
  if (at < -1) return true;
  list.children[active]?.setAttribute("aria-selected", "false");
  if (at === list.childElementCount) {
    box.value = typed;
    close();
    return false;
  }
  active = at;
  const option = list.children[at];
  box.value = option?.dataset.text ?? typed;
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) box.setAttribute("aria-activedescendant", option.id);
  else box.removeAttribute("aria-activedescendant");
  return true;
}

function choose(option) {
  box.value = option.dataset.text;
  form.requestSubmit();
}

function close() {
  clearTimeout(timer);
  request.abort();
  active = -1;
  list.hidden = true;
  list.replaceChildren();
  box.ariaExpanded = "false";
  box.removeAttribute("aria-activedescendant");
}
