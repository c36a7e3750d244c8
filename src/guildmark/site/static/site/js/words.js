// What scripts say to people. The page brings the words of its language; without them they are English.
const known = JSON.parse(document.getElementById("script-words")?.textContent ?? "{}");

export function word(english, places = {}) {
  return (known[english] ?? english).replace(/\{(\w+)\}/g, (whole, name) => places[name] ?? whole);
}
