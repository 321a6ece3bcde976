// Links whose page unfolds in place: citations and context below a passage, all matches in a card, all values of a
// facet. The content comes from the linked page, so that the links also work without scripts.

const PAUSE_MS = 120; // delay between the last key in a field that finds values and the request

let request = new AbortController();
let timer;

export function unfoldLinks() {
  document.addEventListener("click", (event) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest?.("a[data-unfold], a[data-list]");
    if (!link) return;
    event.preventDefault();
    event.stopPropagation();
    if (link.dataset.list) listValues(link.href, link.dataset.list);
    else if (link.dataset.unfold === "card") unfoldCard(link);
    else toggleRow(link);
  }, { capture: true });
  document.addEventListener("input", ({ target }) => {
    const form = target.closest?.("form.find[data-list]");
    if (!form) return;
    clearTimeout(timer);
    timer = setTimeout(() => listValues(addressOf(form), form.dataset.list), PAUSE_MS);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest?.("form.find[data-list]");
    if (!form) return;
    event.preventDefault();
    listValues(addressOf(form), form.dataset.list);
  });
}

function addressOf(form) {
  return `${form.action}?${new URLSearchParams(new FormData(form))}`;
}

/** Fetches a page and returns the children of its element `id`. If the page fails, follows the link instead. */
async function contentOf(href, id, signal) {
  try {
    const response = await fetch(href, { signal });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const content = page.getElementById(id);
    if (content) return [...content.childNodes];
    if (!signal?.aborted) location.assign(href);
  } catch (error) {
    if (!signal?.aborted) console.error(error);
  }
  return null;
}

/** Replaces the values of a facet by the values of the linked page. */
async function listValues(href, id) {
  request.abort();
  request = new AbortController();
  const content = await contentOf(href, "values", request.signal);
  document.getElementById(id)?.replaceChildren(...(content ?? []));
}

/** Shows all matching passages of a release in its card, and focuses the first new one. */
async function unfoldCard(link) {
  const card = link.closest(".hit");
  const content = await contentOf(link.href, "unfold");
  if (!content) return;
  const shown = card.querySelectorAll(".hit-passage").length;
  card.querySelectorAll(".hit-passage").forEach((passage) => passage.remove());
  link.closest(".more").replaceWith(...content);
  card.querySelectorAll(".hit-passage")[shown]?.querySelector("a")?.focus({ preventScroll: true });
  document.dispatchEvent(new Event("passages"));
}

/** Unfolds the linked page below the row of actions, or folds it again. */
async function toggleRow(link) {
  const row = link.closest(".actions");
  const open = link.ariaExpanded === "true";
  row.querySelectorAll("[aria-expanded]").forEach((other) => (other.ariaExpanded = "false"));
  if (row.nextElementSibling?.classList.contains("unfolded")) row.nextElementSibling.remove();
  if (open) return;
  link.ariaExpanded = "true";
  const content = await contentOf(link.href, "unfold");
  if (!content || link.ariaExpanded !== "true") return;
  const box = document.createElement("div");
  box.className = "unfolded";
  box.append(...content);
  row.after(box);
}
