// Keeps a part of the page up to date by asking again, until the answer says that it is done.
import { enhance } from "./guildmark.js";

export function start(element) {
  const every = Math.max(1, Number(element.dataset.liveEvery ?? 2)) * 1000;
  let wait = every;
  async function ask() {
    if (!element.isConnected) return;
    if (document.hidden) return setTimeout(ask, wait);
    try {
      const response = await fetch(element.dataset.live, { headers: { "X-Live": "1" } });
      if (!response.ok) throw new Error(String(response.status));
      element.innerHTML = await response.text();
      enhance(element);
      wait = every;
      if (response.headers.get("X-Live") === "done") {
        element.removeAttribute("aria-busy");
        // What can be done next stands outside of the part that was watched.
        return element.dataset.liveEnds === "reload" ? location.reload() : undefined;
      }
    } catch {
      wait = Math.min(wait * 2, 60000);
    }
    setTimeout(ask, wait);
  }
  element.setAttribute("aria-busy", "true");
  setTimeout(ask, wait);
}
