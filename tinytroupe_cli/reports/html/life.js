// A person's life in one line: how many of what, shown above the rows when a person is chosen.

import { concerns } from "./rows.js";
import { element } from "./page_data.js";

/** Draws what the colors of the strip stand for. */
export function drawLegend(rows, person, kinds) {
  const own = new Set(rows.filter((row) => concerns(row, person)).map((row) => row.kind));
  const legend = element("p", { class: "note legend" });
  for (const [kind, words] of Object.entries(kinds)) {
    if (own.has(kind)) legend.append(element("span", {}, element("span", { class: `dot ${kind}` }), ` ${words}`));
  }
  return legend;
}

/** Draws a strip of steps with how much the person said, thought, remembered and was told in each. */
export function drawLife(rows, person, name, kinds, choose) {
  const own = rows.filter((row) => concerns(row, person));
  const steps = new Map();
  for (const row of own) {
    if (!steps.has(row.step)) steps.set(row.step, []);
    steps.get(row.step).push(row);
  }
  const strip = element("ol", { class: "life" });
  for (const [step, there] of [...steps].sort(([a], [b]) => a - b)) {
    const counts = Object.keys(kinds)
      .map((kind) => [kind, there.filter((row) => row.kind === kind).length])
      .filter(([, count]) => count);
    const told = counts.map(([kind, count]) => `${kinds[kind].toLowerCase()} ${count}`).join(", ");
    const button = element("button", { type: "button", "aria-label": `Step ${step} of ${name}: ${told}` });
    button.append(element("span", { class: "step" }, step ? `Step ${step}` : "Start"));
    for (const [kind, count] of counts) {
      button.append(element("span", { class: `dot ${kind}`, title: `${kinds[kind]}: ${count}` }, String(count)));
    }
    button.addEventListener("click", () => choose(step));
    strip.append(element("li", {}, button));
  }
  return strip;
}
