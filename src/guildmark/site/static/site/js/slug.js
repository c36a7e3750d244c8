// Shows the identifier that a short name leads to, and proposes the short name from the name until it is typed.
const fold = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60);

export function start(output) {
  const slug = document.getElementById(output.dataset.slugFrom);
  const name = document.getElementById(output.dataset.slugName);
  if (!slug || !name) return;
  let typed = slug.value !== "";
  const show = () => (output.value = output.dataset.slugPreview.replace("SLUG", fold(slug.value) || "…"));
  slug.addEventListener("input", () => { typed = slug.value !== ""; show(); });
  name.addEventListener("input", () => { if (!typed) { slug.value = fold(name.value); show(); } });
  if (typed) show();
}
