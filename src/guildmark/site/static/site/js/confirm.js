// Asks before a step goes on. The words come from the page; focus starts on the way back.
import { word } from "./words.js";
function dialog(words) {
  const box = document.createElement("dialog");
  box.className = "confirm";
  const heading = Object.assign(document.createElement("h2"), { textContent: words.title, id: "confirm-heading" });
  const text = Object.assign(document.createElement("p"), { textContent: words.text });
  const buttons = Object.assign(document.createElement("form"), { method: "dialog", className: "row" });
  const stay = Object.assign(document.createElement("button"), { className: "btn", value: "", textContent: word("Leave it as it is"), autofocus: true });
  const go = Object.assign(document.createElement("button"), { className: words.danger ? "btn danger" : "btn primary", value: "go", textContent: words.button });
  buttons.append(stay, go);
  box.append(heading, text, buttons);
  box.setAttribute("aria-labelledby", heading.id);
  return box;
}

export function start(element) {
  let agreed = false;
  element.addEventListener("click", (event) => {
    if (agreed) return;
    event.preventDefault();
    const box = dialog({
      title: element.dataset.confirmTitle || word("Before this goes on"),
      text: element.dataset.confirm,
      button: element.dataset.confirmButton || element.textContent.trim(),
      danger: element.classList.contains("danger"),
    });
    document.body.append(box);
    box.addEventListener("close", () => {
      box.remove();
      if (box.returnValue !== "go") return element.focus();
      agreed = true;
      element.click();
      agreed = false;
    });
    box.showModal();
  });
}
