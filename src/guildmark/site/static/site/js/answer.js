// Shows the server's answer to a form while it is typed. Nothing is stored; the button of the form does the same.
const PAUSE = 500;

export function start(form) {
  const place = document.getElementById(form.dataset.into);
  const line = form.querySelector("[data-answer-line]");
  let timer, running;

  async function ask() {
    running?.abort();
    running = new AbortController();
    try {
      const response = await fetch(form.dataset.answer, { method: "POST", body: new FormData(form), signal: running.signal, redirect: "error" });
      if (!response.ok) return;
      place.innerHTML = await response.text();
      if (line) line.textContent = place.querySelector("[data-answer-line]")?.textContent ?? "";
    } catch {
      // The answer that stands stays; the next change asks again.
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
}
