// "Copy the code" beside each card. Where the browser forbids the clipboard (plain http on a network), the code is
// selected instead, ready for the reader's own copy.

const buttons = (/** @type {string} */ which) =>
  /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll(which));

for (const button of buttons("[data-copy]")) {
  const words = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy ?? "");
      button.textContent = button.dataset.copied ?? "";
      setTimeout(() => (button.textContent = words), 2000);
    } catch {
      const code = button.parentElement?.querySelector(".code__text");
      if (code) getSelection()?.selectAllChildren(code);
    }
  });
}

for (const button of buttons("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
