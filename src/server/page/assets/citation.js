// A button beside a citation → the citation in the clipboard.

const SAID = 1500; // milliseconds for which a button says that it has copied

export function copyCitations() {
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest?.("button[data-copy]");
    if (!button) return;
    const citations = button.closest(".cite").querySelectorAll("pre");
    await copy(citations[button.dataset.copy].textContent);
    const name = button.textContent;
    if (name === document.body.dataset.copied) return;
    button.textContent = document.body.dataset.copied;
    setTimeout(() => (button.textContent = name), SAID);
  });
}

/** Browsers have a clipboard for pages only where nobody can read along; elsewhere the old way is left. */
async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}
