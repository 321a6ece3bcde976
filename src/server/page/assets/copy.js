// Buttons that copy a text to the clipboard: a citation, the link to the page or to its feed, a quote with its link.

const CONFIRMATION_MS = 1500; // how long a button shows "Copied"

export function copyTexts() {
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest?.("[data-copy], [data-copy-link], [data-copy-quote]");
    if (!button) return;
    await copy(textOf(button));
    confirm(button);
  });
}

function textOf(button) {
  const { copyLink } = button.dataset;
  if (copyLink) return new URL(copyLink, location.href).href;
  if (copyLink === "") return location.href;
  if ("copyQuote" in button.dataset) {
    const passage = button.closest(".passage");
    const address = new URL(location.href);
    address.hash = passage.id;
    return `${passage.querySelector(".text").textContent.trim()}\n${address.href}`;
  }
  return button.closest(".copyable").querySelector("pre").textContent;
}

function confirm(button) {
  const { copied } = document.body.dataset;
  const label = button.textContent;
  if (label === copied) return;
  button.textContent = copied;
  setTimeout(() => (button.textContent = label), CONFIRMATION_MS);
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
