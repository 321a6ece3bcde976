// Keyboard shortcuts: / focuses the search box, arrows move through the results, n and p step through matches, Esc goes
// back, ? opens the help. Enter opens a result, as on every link. Going back focuses the result that was opened.

const OPENED = "gz-search-opened"; // session storage: address of the results, and link that was opened

const box = document.getElementById("q");
const resultLinks = () => [...document.querySelectorAll(".hit h3 a")];

/** Enables the shortcuts. `step(delta)` moves to another match of a release and returns false if there are no matches. */
export function enableShortcuts(step) {
  document.addEventListener("keydown", (event) => {
    if (menuIsOpen()) return; // Keys belong to the open menu.
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const field = event.target.closest("input, textarea, select");
    if (handle(event.key, field, step)) event.preventDefault();
  });
  rememberOpened();
  document.addEventListener("click", ({ target }) => {
    if (target.closest?.("[data-print]")) window.print();
  });
}

/** Stores which result was opened, and focuses it when the reader comes back to the same results. */
function rememberOpened() {
  document.addEventListener("click", ({ target }) => {
    const link = target.closest?.(".hit h3 a, .hit .actions a");
    if (link) sessionStorage.setItem(OPENED, JSON.stringify([location.href, link.getAttribute("href")]));
  });
  window.addEventListener("pageshow", () => {
    const [results, href] = JSON.parse(sessionStorage.getItem(OPENED) ?? "[]");
    if (results !== location.href) return;
    sessionStorage.removeItem(OPENED);
    const link = document.querySelector(`.hit a[href="${CSS.escape(href)}"]`);
    if (link && document.activeElement === document.body) link.focus();
  });
}

function menuIsOpen() {
  return CSS.supports("selector(:popover-open)") && document.querySelector(":popover-open") !== null;
}

/** Handles a key; `field` is the focused form field, if any. Returns whether the key is a shortcut. */
function handle(key, field, step) {
  switch (key) {
    case "/":
      return !field && focusBox();
    case "ArrowDown":
      return move(1, field);
    case "ArrowUp":
      return move(-1, field);
    case "n":
      return !field && step(1);
    case "p":
      return !field && step(-1);
    case "?":
      return !field && openHelp();
    case "Escape":
      return goBack(field);
    default:
      return false;
  }
}

function focusBox() {
  box.focus();
  box.select();
  return true;
}

function openHelp() {
  document.getElementById("help")?.showPopover?.();
  return true;
}

/** Moves the focus from the box into the results, through them, and back. */
function move(delta, field) {
  const links = resultLinks();
  const index = links.indexOf(document.activeElement);
  if (index < 0 && field !== box) return false;
  if (index < 0 && delta < 0) return false;
  if (index + delta < 0) return focusBox();
  links[index + delta]?.focus();
  return index + delta < links.length;
}

/** Goes from the results to the box, or from a release to the results. If the box has text, Esc only
 * clears the box, as browsers do. */
function goBack(field) {
  const back = document.getElementById("back");
  if (field && (field.value || !back)) return false;
  if (!back) return focusBox();
  const referrer = document.referrer && new URL(document.referrer);
  if (referrer && referrer.href === back.href) history.back();
  else back.click();
  return true;
}
