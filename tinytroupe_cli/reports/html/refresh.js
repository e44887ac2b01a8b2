// Keeps a page true by fetching it again: what has changed in its lists is replaced, and nothing else is touched.

/** Replaces the entries of a list that differ; entries are known by their ids. */
function renew(list, fresh) {
  const known = new Map([...list.children].map((entry) => [entry.id, entry]));
  const entries = [...fresh.children].map((entry) => {
    const old = known.get(entry.id);
    return old && old.outerHTML === entry.outerHTML ? old : document.importNode(entry, true);
  });
  if (entries.length === known.size && entries.every((entry, place) => entry === list.children[place])) return;
  const focused = list.contains(document.activeElement) ? document.activeElement.closest("[id]")?.id : "";
  list.replaceChildren(...entries);
  if (focused) document.getElementById(focused)?.querySelector("a")?.focus({ preventScroll: true });
}

async function refresh() {
  if (document.hidden) return;
  const response = await fetch(location.href);
  if (response.redirected) {
    location.replace(response.url);
    return;
  }
  if (!response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const list of document.querySelectorAll("[data-fresh]")) {
    const other = fresh.getElementById(list.id);
    if (other) renew(list, other);
  }
}

/** Refreshes again and again; when the server has stopped, the page says so. */
async function keepFresh() {
  try {
    await refresh();
    document.getElementById("gone").hidden = true;
  } catch {
    document.getElementById("gone").hidden = false;
  }
  setTimeout(keepFresh, Number(document.body.dataset.refresh));
}

if (document.body.dataset.refresh) setTimeout(keepFresh, Number(document.body.dataset.refresh));
document.documentElement.dataset.ready = "true";
