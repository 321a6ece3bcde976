// Typing or choosing → the results in place: the page that the address names is fetched, and its parts exchanged.

const PAUSE = 150; // milliseconds without a key before a search
const PARTS = ["carried", "switches", "status", "notes", "chosen", "order", "results", "pages", "filters"];

const form = document.getElementById("search");
const box = document.getElementById("q");
const status = document.getElementById("status");
const results = document.getElementById("results");

let timer;
let shown = withoutFragment(location.href);
let request = new AbortController();
let typing = false; // whether the last entry of the history is of a query that is still being typed

/** Does nothing on a page that has no results to exchange. */
export function searchWhileTyping() {
  if (!document.getElementById("filters")) return;
  box.addEventListener("input", (event) => {
    if (!event.isComposing) later(); // Pinyin that is being typed is no query yet.
  });
  box.addEventListener("compositionend", later);
  box.addEventListener("change", () => (typing = false));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    search();
    typing = false;
  });
  document.getElementById("main").addEventListener("click", choose);
  window.addEventListener("popstate", () => {
    if (withoutFragment(location.href) === shown) return; // A link within the page.
    typing = false;
    box.value = new URLSearchParams(location.search).get("q") ?? "";
    show(location.href);
  });
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(search, PAUSE);
}

/** Searches for what stands in the form. One query that is typed is one entry of the history. */
function search() {
  clearTimeout(timer);
  const parameters = new URLSearchParams(new FormData(form));
  if (!box.value.trim()) parameters.delete("q");
  const url = new URL(parameters.size ? `?${parameters}` : "./", location.href);
  if (url.href === location.href) return;
  if (typing) history.replaceState(null, "", url);
  else history.pushState(null, "", url);
  typing = true;
  show(url);
}

/** Follows a link to other results without leaving the page. */
function choose(event) {
  const link = event.target.closest("a[href]");
  const elsewhere = !link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (elsewhere || link.origin !== location.origin || link.pathname !== location.pathname || link.hash) return;
  event.preventDefault();
  typing = false;
  history.pushState(null, "", link.href);
  show(link.href, link);
}

async function show(url, from) {
  clearTimeout(timer);
  request.abort();
  request = new AbortController();
  const { signal } = request;
  results.ariaBusy = "true";
  shown = withoutFragment(url);
  try {
    const response = await fetch(url, { signal });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    exchange(page);
    if (from) focusLike(from);
  } catch (error) {
    if (signal.aborted) return; // Another search has begun.
    status.textContent = document.body.dataset.offline;
    console.error(error);
  }
  results.ariaBusy = "false";
}

function withoutFragment(url) {
  return String(url).split("#")[0];
}

function exchange(page) {
  for (const id of PARTS) {
    const part = page.getElementById(id);
    document.getElementById(id).replaceChildren(...(part?.childNodes ?? []));
  }
  document.title = page.title;
}

/** What was chosen is exchanged as well: the keyboard stays at the same choice, or goes to the results. */
function focusLike(link) {
  const { key } = link.dataset;
  const same = key && document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (same) return same.focus({ preventScroll: true });
  results.focus({ preventScroll: true });
  if (link.rel) window.scrollTo({ top: 0 });
}
