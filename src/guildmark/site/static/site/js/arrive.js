// Going where something was stored. On the page that is open already its place alone is fetched anew: another fragment
// would load nothing, and loading everything would lose what is being typed elsewhere.
import { enhance } from "./guildmark.js";

export async function arrive(address) {
  const to = new URL(address, location.href);
  const place = document.getElementById(decodeURIComponent(to.hash.slice(1)));
  if (!place || to.pathname !== location.pathname || to.search !== location.search) return location.assign(to);
  try {
    const answer = await fetch(to, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const pairs = [[place, page.getElementById(place.id)], [document, page].map((one) => one.querySelector(".shell-aside"))];
    for (const [old, fresh] of pairs) {
      if (!old || !fresh) continue;
      old.replaceWith(fresh);
      enhance(fresh);
    }
    history.replaceState(null, "", to);
    document.getElementById(place.id).scrollIntoView({ block: "nearest" });
  } catch {
    location.assign(to);
    location.reload();
  }
}
