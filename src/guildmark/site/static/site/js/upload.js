// Sends files one by one, with progress, cancel, retry. Without scripts the form stays.
import { arrive } from "./arrive.js";
import { Pieces } from "./pieces.js";
import { word } from "./words.js";

const LARGE = 8 * 1000 * 1000;
const units = ["B", "kB", "MB", "GB"];

function size(bytes) {
  let step = 0;
  while (bytes >= 1000 && step < 3) { bytes /= 1000; step += 1; }
  return `${step ? bytes.toFixed(1) : bytes} ${units[step]}`;
}

function progress(done, all) {
  return done < all ? word("{done} of {all}", { done: size(done), all: size(all) }) : word("Sent. Being checked…");
}

function words(request) {
  try {
    const problem = JSON.parse(request.responseText);
    const text = [problem.detail, problem.mend].filter(Boolean).join(" ");
    if (text) return text;
  } catch { /* not a problem document */ }
  if (request.status === 413) return word("The file is larger than the limit.");
  return request.status ? word("The server answered {status}.", { status: request.status }) : word("The connection broke.");
}

export function start(form) {
  const input = form.querySelector("input[type=file]");
  const list = form.querySelector("[data-upload-list]") ?? form.appendChild(document.createElement("div"));
  if (!input) return;
  const limit = Number(form.dataset.limit ?? 0);

  function row(file) {
    const element = document.createElement("div");
    element.className = "upload-file";
    const name = Object.assign(document.createElement("span"), { textContent: `${file.name} · ${size(file.size)}`, className: "break" });
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn small" });
    const bar = Object.assign(document.createElement("progress"), { max: file.size || 1, value: 0 });
    bar.setAttribute("aria-label", word("Upload of {file}", { file: file.name }));
    const status = Object.assign(document.createElement("span"), { className: "status" });
    element.append(name, button, bar, status);
    list.append(element);
    return { element, button, bar, status };
  }

  let running = 0, next = null;
  const finish = () => {
    if (!running && next && !list.querySelector("[data-kind=bad]")) arrive(next);
  };

  // A large file goes in pieces where the form says how.
  async function sendPieces(file, parts) {
    const { element, button, bar, status } = parts;
    running += 1;
    parts.pieces ??= new Pieces(form, file, (sent) => {
      bar.value = sent;
      status.textContent = progress(sent, file.size);
    });
    element.dataset.kind = "";
    button.textContent = word("Stop");
    button.onclick = () => parts.pieces.cancel();
    try {
      next = (await parts.pieces.run()).next ?? next;
      status.textContent = word("Taken");
      button.remove();
    } catch (error) {
      const stopped = error.name === "AbortError";
      status.textContent = stopped ? word("Stopped. What was sent is kept for two days.") : word("Not taken: {reason}", { reason: error.message });
      element.dataset.kind = "bad";
      button.textContent = word("Go on");
      button.onclick = () => sendPieces(file, parts).then(finish);
    }
    running -= 1;
  }

  function send(file, parts) {
    if (form.dataset.pieces && file.size > LARGE) return sendPieces(file, parts);
    running += 1;
    return new Promise((settle) => {
      const { element, button, bar, status } = parts;
      const request = new XMLHttpRequest();
      const data = new FormData(form);
      data.delete(input.name);
      data.append(input.name, file, file.name);
      const end = () => { running -= 1; settle(); };
      const ask = (text, label = word("Try again")) => {
        status.textContent = text;
        element.dataset.kind = "bad";
        button.textContent = label;
        button.onclick = () => send(file, parts).then(finish);
        end();
      };
      request.upload.onprogress = (event) => {
        bar.value = event.loaded;
        status.textContent = progress(event.loaded, event.total);
      };
      request.onload = () => {
        if (request.status >= 400) return ask(word("Not taken: {reason}", { reason: words(request) }));
        next = request.getResponseHeader("Location") ?? request.responseURL;
        try { next = JSON.parse(request.responseText).next ?? next; } catch { /* a page, not JSON */ }
        status.textContent = word("Taken");
        button.remove();
        end();
      };
      request.onerror = () => ask(word("Not sent: the connection broke."));
      request.onabort = () => ask(word("Stopped. Nothing was kept."), word("Send after all"));
      element.dataset.kind = "";
      button.textContent = word("Cancel");
      button.onclick = () => request.abort();
      request.open("POST", form.getAttribute("action") || location.href);
      request.setRequestHeader("Accept", "application/json");
      request.send(data);
    });
  }

  form.addEventListener("submit", async (event) => {
    const files = [...input.files];
    if (!files.length) return;
    event.preventDefault();
    if (running) return;
    list.replaceChildren();
    next = null;
    for (const [file, parts] of files.map((file) => [file, row(file)])) {
      if (limit && file.size > limit) {
        parts.element.dataset.kind = "bad";
        parts.status.textContent = word("Not sent: {size} is over the limit of {limit}.", { size: size(file.size), limit: size(limit) });
        parts.button.remove();
      } else await send(file, parts);
    }
    finish();
  });
  addEventListener("beforeunload", (event) => { if (running) event.preventDefault(); });
  form.addEventListener("dragover", (event) => { event.preventDefault(); form.classList.add("dragging"); });
  form.addEventListener("dragleave", () => form.classList.remove("dragging"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("dragging");
    if (event.dataTransfer.files.length) input.files = event.dataTransfer.files;
  });
}
