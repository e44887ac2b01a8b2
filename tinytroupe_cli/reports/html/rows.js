// The events of the run as objects, and which of them a filter shows.

/** Returns what a row is known by: its trial and its place in the trial's log. */
export function placeOf(row) {
  return `${row.trial}.${row.seq}`;
}

/** Returns the rows of the page's data with names for numbers. */
export function readRows(data) {
  const { columns, rows, people, trials } = data;
  return rows.map((cells) => {
    const row = Object.fromEntries(columns.map((name, place) => [name, cells[place]]));
    row.who = row.speaker || (row.person >= 0 ? people[row.person].name : "");
    row.condition = conditionOf(trials[row.trial], row.step);
    return row;
  });
}

/** Returns the condition of a trial at a step: people may go through several. */
function conditionOf(trial, step) {
  const period = (trial.periods ?? []).find(([, last]) => step <= last);
  return period ? period[0] : trial.condition;
}

/** Tells whether a row is part of a person's life: what they did, and what reached them. */
export function concerns(row, person) {
  return row.person === person || row.heard.includes(person);
}

/** Returns the rows that a filter shows, in order. */
export function shownRows(rows, filter) {
  const person = filter.person === "" ? -1 : Number(filter.person);
  const step = filter.step === "" ? -1 : Number(filter.step);
  const words = filter.text.trim().toLowerCase();
  return rows.filter(
    (row) =>
      (person < 0 || concerns(row, person)) &&
      (filter.condition === "" || row.condition === filter.condition) &&
      (step < 0 || row.step === step) &&
      (filter.kind === "" || row.kind === filter.kind || (filter.kind === "problem" && row.problem)) &&
      (filter.problem === "" || row.problem === filter.problem) &&
      (filter.thoughts !== "" || !isInner(row) || filter.kind === row.kind) &&
      (words === "" || `${row.who} ${row.verb} ${row.to} ${row.text}`.toLowerCase().includes(words)),
  );
}

/** Tells whether nobody else could see or hear it: a thought, a feeling, a memory. */
export function isInner(row) {
  return row.kind === "thought" || row.kind === "felt" || row.kind === "memory" || row.kind === "noticed";
}

/** Puts a heading before each step of each trial; every item has a key of its own. */
export function withHeadings(rows, headingOf) {
  const items = [];
  let last = "";
  for (const row of rows) {
    const place = `${row.trial}.${row.step}`;
    if (place !== last) items.push({ heading: headingOf(row), key: `before ${placeOf(row)}` });
    last = place;
    items.push({ row, key: placeOf(row) });
  }
  return items;
}
