// What the transcript shows, kept in the address, so that a link can point to a moment:
//   #transcript:person=3&step=2     #transcript:problem=refused     #transcript:row=0.17

const PREFIX = "#transcript:";
export const NO_FILTER = { person: "", condition: "", step: "", kind: "", text: "", problem: "", thoughts: "1", row: "" };

/** Returns the filter that an address names; null where it is about another part of the page. */
export function filterOf(hash) {
  if (!hash.startsWith(PREFIX)) return null;
  const named = Object.fromEntries(new URLSearchParams(hash.slice(PREFIX.length)));
  return Object.fromEntries(Object.keys(NO_FILTER).map((key) => [key, named[key] ?? NO_FILTER[key]]));
}

/** Returns the address of a filter; only what differs from showing everything is written. */
export function addressOf(filter) {
  const named = Object.entries(filter).filter(([key, value]) => key in NO_FILTER && value !== NO_FILTER[key]);
  return PREFIX + new URLSearchParams(named).toString();
}
