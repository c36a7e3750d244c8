// Saves a draft by itself. One save at a time; what is typed meanwhile goes with the next one.
import { reason } from "./problem.js";
import { word } from "./words.js";

const PAUSE = 1500;

export function start(form) {
  const url = form.dataset.autosave || form.getAttribute("action") || location.href;
  const status = form.querySelector("[data-autosave-status]") ?? form.appendChild(document.createElement("p"));
  status.classList.add("autosave");
  status.setAttribute("role", "status");
  let timer, running, pressed, saving = false, dirty = false, stopped = false;

  const say = (text, kind = "") => {
    status.textContent = text;
    status.dataset.kind = kind;
  };
  const offer = (label, act) => {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn small", textContent: label });
    button.addEventListener("click", act);
    status.append(" ", button);
  };
  const later = () => {
    dirty = true;
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(save, PAUSE);
  };

  const save = () => (running = saving || stopped ? running : send());

  async function send() {
    saving = true;
    dirty = false;
    say(word("Saving…"));
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    if (pressed) data.set(pressed.name, pressed.value);
    pressed = undefined;
    try {
      const response = await fetch(url, { method: "POST", body: data, headers: { Accept: "application/json", "X-Autosave": "1" }, redirect: "error" });
      if (response.ok) taken(await response.json());
      else await refused(response);
    } catch {
      dirty = true;
      say(word("Not saved: the server cannot be reached. What you typed is still here."), "bad");
      offer(word("Try again"), save);
    }
    saving = false;
    if (dirty && status.dataset.kind !== "bad") later();
  }

  function taken(answer) {
    if (answer.revision !== undefined && form.elements.revision) form.elements.revision.value = answer.revision;
    for (const [id, text] of Object.entries(answer.fields ?? {})) {
      const place = document.getElementById(id);
      const field = place?.matches("input, textarea") ? place : place?.querySelector("input:not([type=hidden]), textarea");
      if (!field) continue;
      // A period that the server filled: what was typed meanwhile counts, and the writer stays where they are.
      if (field.type === "number") {
        field.value ||= text;
        continue;
      }
      field.value = text;
      field.focus();
    }
    say(word("Saved {time}", { time: answer.saved_at ?? new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }) }));
    for (const [id, html] of Object.entries(answer.fragments ?? {})) {
      const place = document.getElementById(id);
      if (place && !place.contains(document.activeElement)) place.innerHTML = html;
    }
  }

  async function refused(response) {
    dirty = true;
    if (response.status === 409) {
      stopped = true;
      say(word("Not saved: {reason} Copy what you want to keep before you load what is stored.", { reason: await reason(response) }), "bad");
      offer(word("Load what is stored"), () => { dirty = false; location.reload(); });
      return;
    }
    say(word("Not saved: {reason}", { reason: await reason(response) }), "bad");
    offer(word("Try again"), save);
  }

  form.addEventListener("input", later);
  form.addEventListener("change", later);
  // A new text that the server offers is taken without loading the page again.
  form.addEventListener("click", async (event) => {
    const button = event.target.closest("button[name=take]");
    if (!button || stopped) return;
    event.preventDefault();
    clearTimeout(timer);
    await running;
    clearTimeout(timer);
    pressed = button;
    save();
  });
  form.addEventListener("submit", async (event) => {
    clearTimeout(timer);
    dirty = false;
    if (!saving) return void (stopped = true);
    // A save is on its way and will raise the revision: what is sent must carry the new one.
    event.preventDefault();
    await running;
    clearTimeout(timer);
    if (!stopped) form.requestSubmit(event.submitter);
  });
  addEventListener("online", () => { if (dirty && !stopped) save(); });
  addEventListener("pageshow", (event) => { if (event.persisted) stopped = false; });
  addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
}
