// One sentence out of an answer that was refused: problem+json where there is one, else the status.
import { word } from "./words.js";
export async function reason(response) {
  if (response.headers.get("Content-Type")?.includes("json")) {
    const problem = await response.json().catch(() => ({}));
    const fields = (problem.errors ?? []).map((error) => [error.detail, error.mend].filter(Boolean).join(" "));
    const whole = [problem.detail, problem.mend].filter(Boolean).join(" ");
    if (whole || fields.length) return whole || fields.join(" ");
  }
  if (response.status === 413) return word("This is larger than the limit.");
  if (response.status === 401 || response.status === 403) return word("You are no longer signed in, or this is not yours to change.");
  return word("The server answered {status}.", { status: response.status });
}

export function csrf(form) {
  return form?.querySelector("[name=csrfmiddlewaretoken]")?.value ?? document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
}
