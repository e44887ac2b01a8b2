// Reads what the page carries: JSON in script elements that no browser runs.

/** Returns the JSON of an element, or null where the page has none. */
export function readJson(id) {
  const element = document.getElementById(id);
  return element && element.textContent.trim() ? JSON.parse(element.textContent) : null;
}

/** Unpacks base64 of gzipped JSON; rejects in a browser without DecompressionStream. */
export async function unpack(base64) {
  const bytes = Uint8Array.from(atob(base64.trim()), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

/** Makes an element. Text goes in as text, never as HTML. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "class") made.className = value;
    else if (name in made && typeof value !== "string") made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}
