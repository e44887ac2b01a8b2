// Starts what the page can do with a script; all figures, charts and tables are there without one.

import { readJson } from "./page_data.js";
import { foldLongLists } from "./tables.js";
import { Transcript } from "./transcript.js";

const PRINTED = []; // what was folded before printing

function openForPrint() {
  for (const details of document.querySelectorAll("main details:not([open])")) {
    details.open = true;
    PRINTED.push(details);
  }
}

/** Marks the section in view in the list of sections. */
function markSections() {
  const links = new Map([...document.querySelectorAll("nav a")].map((link) => [link.hash.slice(1), link]));
  const seen = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        for (const link of links.values()) link.removeAttribute("aria-current");
        links.get(entry.target.id)?.setAttribute("aria-current", "location");
      }
    },
    { rootMargin: "-15% 0px -75% 0px" },
  );
  for (const id of links.keys()) if (document.getElementById(id)) seen.observe(document.getElementById(id));
}

foldLongLists(document);
markSections();
const section = document.getElementById("transcript");
const data = readJson("transcript-data");
if (section && data) {
  const packed = document.getElementById("calls-data")?.textContent ?? "";
  new Transcript(section, data, packed);
  section.classList.add("ready");
}
window.addEventListener("beforeprint", openForPrint);
window.addEventListener("afterprint", () => PRINTED.splice(0).forEach((details) => (details.open = false)));
document.documentElement.dataset.ready = "true";
