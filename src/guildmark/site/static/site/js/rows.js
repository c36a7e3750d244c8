// Adds an empty row to a formset: __prefix__ in the template becomes the next number, TOTAL_FORMS counts on.
import { enhance } from "./guildmark.js";

export function start(button) {
  const template = document.querySelector(button.dataset.addRow);
  const form = button.closest("form");
  const prefix = button.dataset.prefix ?? "form";
  const total = form?.elements[`${prefix}-TOTAL_FORMS`];
  if (!template || !total) return;
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const holder = document.createElement("template");
    holder.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value);
    const row = holder.content.firstElementChild;
    total.value = Number(total.value) + 1;
    (document.querySelector(button.dataset.into) ?? button.parentElement).before(row);
    for (const words of row.parentElement.querySelectorAll(":scope > [data-empty]")) words.remove();
    enhance(row);
    row.querySelector("input:not([type=hidden]),textarea,select")?.focus();
    form.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
