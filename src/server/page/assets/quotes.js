// Collected passages: their ids stay in the browser. The page /quotes shows those that its address names.

const KEY = "gz-search-quotes";
const MAX_QUOTES = 40; // so that the address of the page of quotes stays short enough

export function collectQuotes() {
  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-keep]");
    if (button) toggle(button.dataset.keep);
    const removed = target.closest?.("[data-remove]");
    if (removed) remove(removed.dataset.remove);
  });
  document.addEventListener("passages", update);
  window.addEventListener("storage", update);
  window.addEventListener("pageshow", update);
  update();
}

function stored() {
  try {
    const ids = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [];
  } catch {
    return [];
  }
}

function store(ids) {
  localStorage.setItem(KEY, JSON.stringify(ids.slice(-MAX_QUOTES)));
  update();
}

function toggle(id) {
  const ids = stored();
  store(ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id]);
}

/** Removes one passage or all from the collection and from the shown document. */
function remove(removed) {
  const remains = (id) => removed !== "all" && id !== removed;
  store(stored().filter(remains));
  location.replace(address(new URLSearchParams(location.search).getAll("id").filter(remains)));
}

function address(ids) {
  const parameters = new URLSearchParams(ids.map((id) => ["id", id]));
  return parameters.size ? `quotes?${parameters}` : "quotes";
}

/** Shows which passages are collected, and how many. */
function update() {
  const ids = stored();
  for (const button of document.querySelectorAll("[data-keep]")) {
    const kept = ids.includes(button.dataset.keep);
    const label = button.querySelector("span");
    button.dataset.label ??= label.textContent;
    button.ariaPressed = String(kept);
    label.textContent = kept ? document.body.dataset.added : button.dataset.label;
  }
  document.getElementById("quotes-count").textContent = ids.length || "";
  document.getElementById("quotes-link").href = address(ids);
}
