// Suggestions in a list below the search box, as the combobox pattern of WAI-ARIA describes.

const PAUSE_MS = 100; // delay between the last key and the request
const MAX_SUGGESTIONS = 6;

const form = document.getElementById("search");
const box = document.getElementById("q");
const list = document.getElementById("suggestions");

let timer;
let request = new AbortController();
let typed = ""; // text of the box while no suggestion is active
let active = -1; // index of the active suggestion; -1 if none is active

export function suggestWhileTyping() {
  box.role = "combobox";
  box.ariaAutoComplete = "list";
  box.ariaExpanded = "false";
  box.setAttribute("aria-controls", list.id);
  box.addEventListener("input", (event) => {
    if (!event.isComposing) schedule();
  });
  box.addEventListener("compositionend", schedule);
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (handle(event.key)) event.preventDefault();
  });
  box.addEventListener("blur", close);
  form.addEventListener("submit", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // Keeps the focus in the box.
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
}

function schedule() {
  cancelRequest();
  typed = box.value;
  if (!typed.trim()) return close();
  list.ariaBusy = "true"; // The list still shows the suggestions for the text before.
  timer = setTimeout(requestSuggestions, PAUSE_MS);
}

function cancelRequest() {
  clearTimeout(timer);
  request.abort();
  list.ariaBusy = "false";
}

async function requestSuggestions() {
  request = new AbortController();
  const { signal } = request;
  try {
    const response = await fetch(`suggest?${new URLSearchParams({ q: typed, limit: MAX_SUGGESTIONS })}`, { signal });
    const { suggestions } = await response.json();
    if (!signal.aborted && document.activeElement === box) show(suggestions ?? []);
  } catch {
    // The search works without suggestions, so a failure is ignored.
    if (!signal.aborted) close();
  }
}

function show(suggestions) {
  active = -1;
  list.ariaBusy = "false";
  list.replaceChildren(...suggestions.filter(({ text }) => text !== typed.trim()).map(option));
  list.hidden = list.childElementCount === 0;
  box.ariaExpanded = String(!list.hidden);
  box.removeAttribute("aria-activedescendant");
}

function option({ text, kind }, index) {
  const item = document.createElement("li");
  item.id = `suggestion-${index}`;
  item.role = "option";
  item.ariaSelected = "false";
  item.dataset.text = text;
  if (/\p{Script=Han}/u.test(text)) item.lang = document.documentElement.lang === "zh-Hant" ? "zh-Hant" : "zh-Hans";
  item.append(text);
  if (kind === "title") {
    const label = document.createElement("span");
    label.className = "quiet";
    label.textContent = document.body.dataset.title;
    item.append(" ", label);
  }
  return item;
}

/** Handles a key. Returns whether the list uses the key. */
function handle(key) {
  if (list.hidden) return false;
  switch (key) {
    case "ArrowDown":
      return activate(active + 1);
    case "ArrowUp":
      return activate(active - 1);
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

/**
 * Activates a suggestion, or none for -1. Below the last suggestion the list closes and the focus moves to the results.
 * Cancels the pending request, so that its answer does not replace the list under the active suggestion.
 */
function activate(index) {
  if (index < -1) return true;
  cancelRequest();
  list.children[active]?.setAttribute("aria-selected", "false");
  if (index === list.childElementCount) {
    box.value = typed;
    close();
    return false;
  }
  active = index;
  const option = list.children[index];
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
  cancelRequest();
  active = -1;
  list.hidden = true;
  list.replaceChildren();
  box.ariaExpanded = "false";
  box.removeAttribute("aria-activedescendant");
}
