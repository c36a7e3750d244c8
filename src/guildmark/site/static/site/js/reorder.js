// Puts a list in order: by its up and down buttons, or by dragging a handle. Without this script the buttons submit.
import { csrf, reason } from "./problem.js";
import { word } from "./words.js";

export function start(list) {
  const form = list.closest("form");
  const said = Object.assign(document.createElement("p"), { className: "visually-hidden" });
  said.setAttribute("role", "status");
  list.after(said);
  const mover = (button) => button.closest("li")?.parentElement === list;

  const refresh = () => {
    const items = [...list.children];
    items.forEach((item, index) => {
      for (const button of item.querySelectorAll(":scope [name=move]")) {
        const off = (button.value.endsWith(":up") && index === 0) || (button.value.endsWith(":down") && index === items.length - 1);
        button.setAttribute("aria-disabled", String(off));
      }
      const position = item.querySelector("[data-position]");
      if (position) "value" in position ? (position.value = index + 1) : (position.textContent = index + 1);
    });
  };
  const tell = (item) => {
    const place = [...list.children].indexOf(item) + 1;
    said.textContent = word("{what}: place {place} of {all}", { what: item.dataset.label ?? word("Moved"), place, all: list.children.length });
  };

  async function post(value, undo) {
    if (!form) return;
    const data = new URLSearchParams({ move: value, csrfmiddlewaretoken: csrf(form) });
    if (form.elements.revision) data.set("revision", form.elements.revision.value);
    try {
      const response = await fetch(list.dataset.sortable || form.action, { method: "POST", body: data, headers: { Accept: "application/json", "X-Autosave": "1" } });
      if (!response.ok) throw new Error(await reason(response));
      const answer = response.headers.get("Content-Type")?.includes("json") ? await response.json() : {};
      if (answer.revision !== undefined && form.elements.revision) form.elements.revision.value = answer.revision;
    } catch (error) {
      undo();
      refresh();
      said.classList.remove("visually-hidden");
      said.textContent = word("Not moved: {reason}", { reason: error.message });
    }
  }

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[name=move]");
    if (!button || !mover(button)) return;
    event.preventDefault();
    if (button.getAttribute("aria-disabled") === "true") return;
    const item = button.closest("li"), next = item.nextElementSibling;
    if (button.value.endsWith(":up")) item.previousElementSibling.before(item);
    else next.after(item);
    refresh();
    tell(item);
    button.focus();
    post(button.value, () => list.insertBefore(item, next));
  });

  let held = null, before = null;
  list.addEventListener("pointerdown", (event) => {
    if (!event.target.closest("[data-handle]")) return;
    held = event.target.closest("li");
    if (held?.parentElement !== list) return (held = null);
    event.preventDefault();
    before = held.nextElementSibling;
    held.classList.add("moving");
    list.setPointerCapture(event.pointerId);
  });
  list.addEventListener("pointermove", (event) => {
    if (!held) return;
    for (const other of list.children) {
      if (other === held) continue;
      const box = other.getBoundingClientRect();
      if (event.clientY > box.top && event.clientY < box.bottom) {
        event.clientY < box.top + box.height / 2 ? other.before(held) : other.after(held);
        break;
      }
    }
  });
  const drop = () => {
    if (!held) return;
    const item = held, next = before;
    held = null;
    item.classList.remove("moving");
    if (item.nextElementSibling === next) return;
    refresh();
    tell(item);
    const id = item.dataset.id ?? item.querySelector("[name=move]")?.value.split(":")[0];
    post(`${id}:${[...list.children].indexOf(item) + 1}`, () => list.insertBefore(item, next));
  };
  list.addEventListener("pointerup", drop);
  list.addEventListener("pointercancel", drop);
  refresh();
}
