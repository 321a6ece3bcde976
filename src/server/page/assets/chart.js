// The chart of dates: dragging across its bars chooses a period, also by touch; arrow keys move between bars.

let start = null; // bar at which dragging began

export function chooseByDragging() {
  document.addEventListener("pointerdown", (event) => {
    const bar = event.target.closest?.("[data-chart] > li");
    if (!bar || event.button !== 0) return;
    start = bar;
    if (event.pointerType === "touch") event.target.releasePointerCapture?.(event.pointerId);
    mark(bar);
  });
  document.addEventListener("pointermove", (event) => start && mark(barAt(event)));
  document.addEventListener("pointerup", (event) => {
    if (!start) return;
    const [first, last] = ends(barAt(event) ?? start);
    const dragged = first !== last;
    const chart = start.parentElement;
    start = null;
    if (dragged) choose(chart, first.dataset.from, last.dataset.to);
    else clear(chart);
  });
  document.addEventListener("pointercancel", () => {
    if (start) clear(start.parentElement);
    start = null;
  });
  document.addEventListener("dragstart", (event) => {
    if (event.target.closest?.("[data-chart]")) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    const bar = event.target.closest?.("[data-chart] a");
    const delta = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!bar || !delta) return;
    const bars = [...bar.closest("[data-chart]").querySelectorAll("a")];
    bars[bars.indexOf(bar) + delta]?.focus();
    event.preventDefault();
  });
}

/** Returns the bar of the same chart at the horizontal place of the pointer. */
function barAt({ clientX }) {
  const bars = [...start.parentElement.children];
  return bars.find((bar) => clientX < bar.getBoundingClientRect().right) ?? bars.at(-1);
}

/** Returns the first and the last bar of the dragged period. */
function ends(bar) {
  const bars = [...start.parentElement.children];
  return bars.indexOf(bar) < bars.indexOf(start) ? [bar, start] : [start, bar];
}

/** Marks the dragged bars and shows their period and count. */
function mark(bar) {
  const [first, last] = ends(bar ?? start);
  const bars = [...start.parentElement.children];
  const chosen = bars.slice(bars.indexOf(first), bars.indexOf(last) + 1);
  for (const other of bars) other.classList.toggle("in", chosen.includes(other));
  const output = start.closest(".chart").querySelector(".chosen");
  const count = chosen.reduce((sum, { dataset }) => sum + Number(dataset.count), 0);
  const { from } = first.dataset;
  const { to } = last.dataset;
  output.textContent = `${from === to ? from : `${from}–${to}`}: ${count.toLocaleString("en")}`;
  output.hidden = false;
}

function clear(chart) {
  for (const bar of chart.children) bar.classList.remove("in");
  chart.closest(".chart").querySelector(".chosen").hidden = true;
}

/** Fills the two date fields and sends their form. */
function choose(chart, from, to) {
  const form = chart.closest(".dates").querySelector("form.period");
  form.elements.from.value = from;
  form.elements.to.value = to;
  form.requestSubmit();
}
