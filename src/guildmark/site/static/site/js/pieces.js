// Sends one large file in pieces, so that a broken connection costs one piece and not the whole file.
// The form's data-pieces begins the upload; its answer names the address that takes the pieces.
import { word } from "./words.js";

const TRIES = 5;

async function ask(url, options, token) {
  const headers = { Accept: "application/json", "X-CSRFToken": token, ...options.headers };
  const response = await fetch(url, { ...options, headers });
  if (response.ok) return response.status === 204 ? {} : response.json();
  const problem = await response.json().catch(() => ({}));
  const error = new Error([problem.detail, problem.mend].filter(Boolean).join(" ") || word("The server answered {status}.", { status: response.status }));
  error.status = response.status;
  throw error;
}

const pause = (ms) => new Promise((go) => setTimeout(go, ms));

// An upload that can be stopped and gone on with: run() resolves with the last answer.
export class Pieces {
  constructor(form, file, progress) {
    Object.assign(this, { form, file, progress, url: null, offset: 0, step: 4 * 1024 * 1024 });
    this.token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    this.stop = new AbortController();
  }

  async run() {
    this.stop = new AbortController();
    if (!this.url) {
      const body = new URLSearchParams({ filename: this.file.name, size: this.file.size });
      const begun = await ask(this.form.dataset.pieces, { method: "POST", body, signal: this.stop.signal }, this.token);
      this.url = begun.url;
      this.step = Math.min(this.step, begun.piece);
    }
    for (let tries = 0; this.offset < this.file.size; ) {
      try {
        const body = this.file.slice(this.offset, this.offset + this.step);
        const headers = { "Content-Type": "application/octet-stream", "Upload-Offset": String(this.offset) };
        this.offset = (await ask(this.url, { method: "PUT", body, headers, signal: this.stop.signal }, this.token)).offset;
        tries = 0;
        this.progress(this.offset);
      } catch (error) {
        const passing = !error.status || error.status === 409 || error.status >= 500;
        if (this.stop.signal.aborted || !passing || ++tries > TRIES) throw error;
        await pause(500 * 2 ** tries);
        // The server knows how far it got; a piece may have arrived although its answer did not.
        this.offset = (await ask(this.url, {}, this.token).catch(() => ({ offset: this.offset }))).offset;
      }
    }
    return ask(this.url, { method: "POST", signal: this.stop.signal }, this.token);
  }

  cancel() {
    this.stop.abort();
  }
}
