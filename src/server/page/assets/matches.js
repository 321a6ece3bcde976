// Steps through the highlighted matches of a release and shows the current position.

/** Returns a function that moves by a number of matches. The function returns false if there are no matches. */
export function matchStepper() {
  const matches = [...document.querySelectorAll(".release mark")];
  const position = document.getElementById("match-position");
  if (!position || matches.length === 0) return () => false;

  let current = -1; // index of the current match; -1 before the first step
  const select = (index) => {
    matches[current]?.removeAttribute("aria-current");
    current = (index + matches.length) % matches.length;
    const match = matches[current];
    match.setAttribute("aria-current", "true");
    match.scrollIntoView({ block: "center" });
    position.textContent = `${current + 1} / ${matches.length}`;
    return true;
  };
  const step = (delta) => select(current < 0 && delta < 0 ? -1 : current + delta);
  document.getElementById("next").addEventListener("click", () => step(1));
  document.getElementById("previous").addEventListener("click", () => step(-1));

  // A link to a passage selects the first match of that passage, if there is one.
  const passage = document.getElementById(location.hash.slice(1));
  const first = matches.findIndex((match) => passage?.contains(match));
  if (first >= 0) select(first);
  else position.textContent = `– / ${matches.length}`;
  return step;
}
