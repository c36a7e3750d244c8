// The one script a page names. It loads a module only when the page has something for it; every page works without.
const modules = {
  "form[data-autosave]": "./autosave.js",
  "[data-sortable]": "./reorder.js",
  "form[data-answer]": "./answer.js",
  "form[data-upload]": "./upload.js",
  "[data-confirm]": "./confirm.js",
  "[data-copy],[data-copy-from]": "./copy.js",
  "[data-live]": "./live.js",
  "[data-add-row]": "./rows.js",
  "[data-slug-preview]": "./slug.js",
  "[data-theme-switch]": "./theme.js",
};

export function enhance(root = document) {
  for (const [selector, file] of Object.entries(modules)) {
    const found = [...root.querySelectorAll(selector)].filter((element) => !element.dataset.enhanced);
    if (!found.length) continue;
    found.forEach((element) => (element.dataset.enhanced = "1"));
    import(file).then((module) => found.forEach((element) => module.start(element)));
  }
  for (const button of root.querySelectorAll("[data-back]")) {
    button.hidden = history.length < 2;
    button.addEventListener("click", () => history.back());
  }
  root.querySelector("[data-focus]")?.focus();
}

enhance();
