// Sends files one after another with progress, cancel and retry. The form itself stays as it is for a browser without scripts.
import { Pieces } from "./pieces.js";

const LARGE = 8 * 1000 * 1000;
const units = ["B", "kB", "MB", "GB"];

function size(bytes) {
  let step = 0;
  while (bytes >= 1000 && step < 3) { bytes /= 1000; step += 1; }
  return `${step ? bytes.toFixed(1) : bytes} ${units[step]}`;
}

function words(request) {
  try {
    const problem = JSON.parse(request.responseText);
    const text = [problem.detail, problem.mend].filter(Boolean).join(" ");
    if (text) return text;
  } catch { /* not a problem document */ }
  if (request.status === 413) return "The file is larger than the limit.";
  return request.status ? `The server answered ${request.status}.` : "The connection broke.";
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
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn small", textContent: "Cancel" });
    const bar = Object.assign(document.createElement("progress"), { max: file.size || 1, value: 0 });
    bar.setAttribute("aria-label", `Upload of ${file.name}`);
    const status = Object.assign(document.createElement("span"), { className: "status" });
    element.append(name, button, bar, status);
    list.append(element);
    return { element, button, bar, status };
  }

  let running = 0, next = null;
  const finish = () => {
    if (!running && next && !list.querySelector("[data-kind=bad]")) location.assign(next);
  };

  // A large file goes in pieces where the form says how, and goes on where it stopped.
  async function sendPieces(file, parts) {
    const { element, button, bar, status } = parts;
    running += 1;
    parts.pieces ??= new Pieces(form, file, (sent) => {
      bar.value = sent;
      status.textContent = sent < file.size ? `${size(sent)} of ${size(file.size)}` : "Sent. Being checked…";
    });
    element.dataset.kind = "";
    button.textContent = "Stop";
    button.onclick = () => parts.pieces.cancel();
    try {
      next = (await parts.pieces.run()).next ?? next;
      status.textContent = "Taken";
      button.remove();
    } catch (error) {
      const stopped = error.name === "AbortError";
      status.textContent = stopped ? "Stopped. What was sent is kept for two days." : `Not taken: ${error.message}`;
      element.dataset.kind = "bad";
      button.textContent = "Go on";
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
      const ask = (text, label) => {
        status.textContent = text;
        element.dataset.kind = "bad";
        button.textContent = label;
        button.onclick = () => send(file, parts).then(finish);
        end();
      };
      request.upload.onprogress = (event) => {
        bar.value = event.loaded;
        status.textContent = event.loaded < event.total ? `${size(event.loaded)} of ${size(event.total)}` : "Sent. Being checked…";
      };
      request.onload = () => {
        if (request.status >= 400) return ask(`Not taken: ${words(request)}`, "Try again");
        next = request.getResponseHeader("Location") ?? request.responseURL;
        try { next = JSON.parse(request.responseText).next ?? next; } catch { /* a page, not JSON */ }
        status.textContent = "Taken";
        button.remove();
        end();
      };
      request.onerror = () => ask("Not sent: the connection broke.", "Try again");
      request.onabort = () => ask("Stopped. Nothing was kept.", "Send after all");
      element.dataset.kind = "";
      button.textContent = "Cancel";
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
        parts.status.textContent = `Not sent: ${size(file.size)} is over the limit of ${size(limit)}.`;
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
