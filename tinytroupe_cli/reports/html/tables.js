// Long tables and lists show their first entries, and a button for the rest. Without a script, all is shown.

import { element } from "./page_data.js";

const SHOWN = 12;
const SPARE = 4; // a few entries more are not worth a button

/** Folds every table of many rows and every list marked `data-shown`. */
export function foldLongLists(root) {
  for (const table of root.querySelectorAll(".scroller table")) {
    fold([...table.querySelectorAll("tbody tr")], SHOWN, "rows", table.closest(".scroller"));
  }
  for (const list of root.querySelectorAll("[data-shown]")) {
    fold([...list.children], Number(list.dataset.shown), list.dataset.noun, list);
  }
}

function fold(entries, shown, noun, box) {
  if (entries.length <= shown + SPARE) return;
  const rest = entries.slice(shown);
  for (const entry of rest) entry.classList.add("folded");
  const button = element("button", { type: "button", class: "more", "aria-expanded": "false" });
  const words = () => (button.getAttribute("aria-expanded") === "true" ? `Show fewer ${noun}` : `Show all ${entries.length} ${noun}`);
  button.textContent = words();
  button.addEventListener("click", () => {
    const isOpen = button.getAttribute("aria-expanded") === "true";
    for (const entry of rest) entry.classList.toggle("folded", isOpen);
    button.setAttribute("aria-expanded", String(!isOpen));
    button.textContent = words();
  });
  box.after(button);
}
