// Buttons that copy a citation to the clipboard.

const CONFIRMATION_MS = 1500; // how long a button shows "Copied"

export function copyCitations() {
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest?.("button[data-copy]");
    if (!button) return;
    const citations = button.closest(".cite").querySelectorAll("pre");
    await copy(citations[button.dataset.copy].textContent);
    const label = button.textContent;
    if (label === document.body.dataset.copied) return;
    button.textContent = document.body.dataset.copied;
    setTimeout(() => (button.textContent = label), CONFIRMATION_MS);
  });
}

/** Copies a text. Browsers offer the clipboard API only over HTTPS and on localhost; elsewhere a selection is copied. */
async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}
