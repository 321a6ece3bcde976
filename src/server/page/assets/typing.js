// Shows new results without leaving the page: fetches the page of the new address and replaces elements of this
// page.

const PAUSE_MS = 120; // delay between the last key and the search, while another search is in progress
const SETTLED_MS = 1500; // time after which a typed query is a history entry of its own
const PARTS = ["hidden-fields", "settings-links", "intro", "status", "range", "notes", "active-filters", "order", "results", "pages", "filters", "show"];

const form = document.getElementById("search");
const box = document.getElementById("q");
const status = document.getElementById("status");
const results = document.getElementById("results");

let timer;
let searching = false; // whether results are being fetched
let waiting = false; // whether a key was typed while results were being fetched
let settled; // timer that ends the history entry of a typed query
let current = withoutFragment(location.href); // address of the results on the page
let request = new AbortController();
let unfinished = false; // whether the results on the page take the last word as a prefix
let typing = false; // whether the last history entry is a query that is still being typed

/** Enables searching while typing. Does nothing on a page without results. */
export function searchWhileTyping() {
  if (!document.getElementById("filters")) return;
  box.addEventListener("input", (event) => {
    if (!event.isComposing) searchNextTyped(); // Unfinished pinyin input is no query.
  });
  box.addEventListener("compositionend", searchNextTyped);
  box.addEventListener("change", () => (typing = false));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    search();
    if (unfinished) show(location.href);
    typing = false;
  });
  const main = document.getElementById("main");
  main.addEventListener("click", follow);
  main.addEventListener("submit", submit);
  window.addEventListener("popstate", () => {
    if (withoutFragment(location.href) === current) return; // A link within the page.
    typing = false;
    box.value = new URLSearchParams(location.search).get("q") ?? "";
    show(location.href);
  });
}

/** Searches for what is typed: at once or, while a search is in progress, after its end or after a pause. */
function searchNextTyped() {
  clearTimeout(timer);
  if (!searching) return search(true);
  waiting = true;
  timer = setTimeout(search, PAUSE_MS, true);
}

/**
 * Searches for the content of the form. The versions of a query that is being typed share one history entry, until the
 * reader pauses. If `lastIsPrefix` is set, the last word may be unfinished; the address of the page does not contain
 * this setting.
 */
function search(lastIsPrefix = false) {
  clearTimeout(settled);
  const parameters = new URLSearchParams(new FormData(form));
  if (!box.value.trim()) parameters.delete("q");
  const url = new URL(parameters.size ? `?${parameters}` : "./", location.href);
  if (url.href === location.href) return;
  if (typing) history.replaceState(null, "", url);
  else history.pushState(null, "", url);
  typing = true;
  settled = setTimeout(() => (typing = false), SETTLED_MS);
  const fetched = new URL(url);
  if (lastIsPrefix) fetched.searchParams.set("prefix", "last");
  show(url, null, fetched);
}

/** Follows a link to other results of this page. */
function follow(event) {
  const link = event.target.closest("a[href]");
  const opensElsewhere = !link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (opensElsewhere || link.origin !== location.origin || link.pathname !== location.pathname || link.hash) return;
  event.preventDefault();
  go(link.href, link);
}

/** Shows the results for the period in the sent form, without leaving the page. */
function submit(event) {
  const sent = event.target;
  if (!sent.matches("form.period")) return;
  event.preventDefault();
  const parameters = new URLSearchParams([...new FormData(sent)].filter(([, value]) => value.trim()));
  go(new URL(`?${parameters}`, location.href).href, sent.querySelector("button"));
}

function go(href, origin) {
  typing = false;
  history.pushState(null, "", href);
  box.value = new URLSearchParams(location.search).get("q") ?? "";
  show(href, origin);
}

/** Shows the results of `url`. `origin` is the element that the reader used, if any. `fetched` is the address to fetch. */
async function show(url, origin, fetched = url) {
  clearTimeout(timer);
  waiting = false;
  searching = true;
  request.abort();
  request = new AbortController();
  const { signal } = request;
  results.ariaBusy = "true";
  current = withoutFragment(url);
  unfinished = fetched !== url && new URL(fetched).searchParams.has("prefix");
  try {
    const response = await fetch(fetched, { signal });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    replaceParts(page);
    if (origin) restoreFocus(origin);
  } catch (error) {
    if (signal.aborted) return; // A newer search has started.
    status.textContent = document.body.dataset.offline;
    console.error(error);
  }
  results.ariaBusy = "false";
  searching = false;
  if (waiting) searchNextTyped();
}

function withoutFragment(url) {
  return String(url).split("#")[0];
}

function replaceParts(page) {
  for (const id of PARTS) {
    const part = page.getElementById(id);
    document.getElementById(id)?.replaceChildren(...(part?.childNodes ?? []));
  }
  document.title = page.title;
  box.lang = page.getElementById("q").lang;
  document.dispatchEvent(new Event("passages"));
}

/** Focuses the new version of the link that was followed or, if it is gone, the results. */
function restoreFocus(link) {
  const { key } = link.dataset;
  const newLink = key && document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (newLink) return newLink.focus({ preventScroll: true });
  if (link.closest("#panel:popover-open")) return document.querySelector("#panel button").focus({ preventScroll: true });
  results.focus({ preventScroll: true });
  if (link.rel || link.closest("#intro, .no-results")) window.scrollTo({ top: 0 });
}
