// Copies a text. The button is hidden in the page and shown only where copying can work.
export function start(button) {
  if (!navigator.clipboard) return;
  button.hidden = false;
  const label = button.querySelector("span") ?? button;
  const before = label.textContent;
  label.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    const source = button.dataset.copyFrom && document.querySelector(button.dataset.copyFrom);
    await navigator.clipboard.writeText(source ? source.value ?? source.textContent.trim() : button.dataset.copy);
    label.textContent = button.dataset.copied || "Copied";
    setTimeout(() => (label.textContent = before), 2000);
  });
}
