// Keys: / search, arrows through the results, Enter opens (as on any link), n and p through matches, Esc back.

const box = document.getElementById("q");
const hits = () => [...document.querySelectorAll(".hit h3 a")];

/** `step(by)` goes to another match of a release; false where there is none to step through. */
export function useKeys(step) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const writing = event.target.closest("input, textarea, select");
    if (handle(event.key, writing, step)) event.preventDefault();
  });
}

/** Whether the key meant something. */
function handle(key, writing, step) {
  switch (key) {
    case "/":
      return !writing && toBox();
    case "ArrowDown":
      return move(1, writing);
    case "ArrowUp":
      return move(-1, writing);
    case "n":
      return !writing && step(1);
    case "p":
      return !writing && step(-1);
    case "Escape":
      return leave(writing);
    default:
      return false;
  }
}

function toBox() {
  box.focus();
  box.select();
  return true;
}

/** From the box into the results, through them, and back. */
function move(by, writing) {
  const all = hits();
  const at = all.indexOf(document.activeElement);
  if (at < 0 && writing !== box) return false;
  if (at < 0 && by < 0) return false;
  if (at + by < 0) return toBox();
  all[at + by]?.focus();
  return at + by < all.length;
}

/** From the results to the box, from a release to the results. In the box, Esc empties it, as browsers do. */
function leave(writing) {
  const back = document.getElementById("back");
  if (writing && (writing.value || !back)) return false;
  if (!back) return toBox();
  const before = document.referrer && new URL(document.referrer);
  if (before && before.href === back.href) history.back();
  else back.click();
  return true;
}
