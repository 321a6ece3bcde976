// The marks of a release → stepping through them, with where one is.

/** A function that steps by so many matches and says whether there are any. */
export function stepThroughMatches() {
  const marks = [...document.querySelectorAll(".release mark")];
  const shown = document.getElementById("at");
  if (!shown || marks.length === 0) return () => false;

  let at = -1;
  const go = (to) => {
    marks[at]?.removeAttribute("aria-current");
    at = (to + marks.length) % marks.length;
    const mark = marks[at];
    mark.setAttribute("aria-current", "true");
    mark.scrollIntoView({ block: "center" });
    shown.textContent = `${at + 1} / ${marks.length}`;
    return true;
  };
  const step = (by) => go(at < 0 && by < 0 ? -1 : at + by);
  document.getElementById("next").addEventListener("click", () => step(1));
  document.getElementById("previous").addEventListener("click", () => step(-1));

  // A link to a passage begins at its first match, else at the first of all.
  const passage = document.getElementById(location.hash.slice(1));
  const first = marks.findIndex((mark) => passage?.contains(mark));
  if (first >= 0) go(first);
  else shown.textContent = `– / ${marks.length}`;
  return step;
}
