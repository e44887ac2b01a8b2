// The prompts and raw replies behind a turn, unpacked when the first of them is asked for.

import { element, unpack } from "./page_data.js";

const NAMES = { system: "System prompt", user: "Prompt", assistant: "Earlier reply" };

export class Calls {
  /** `packed` is the text of the element that carries them; `leftOut`, how many the page has no room for. */
  constructor(packed, leftOut) {
    this.packed = packed;
    this.leftOut = leftOut;
    this.found = null;
  }

  get isThere() {
    return this.packed.trim() !== "";
  }

  /** Returns the calls of a person's turn and answers in a step. */
  async of(trial, person, step) {
    this.found ??= this.sorted();
    const { messages, byPlace } = await this.found;
    return (byPlace.get(`${trial} ${person} ${step}`) ?? []).map(([, , , what, numbers, reply]) => ({
      what,
      reply,
      messages: numbers.map((number) => ({ role: messages[number][0], text: messages[number][1] })),
    }));
  }

  async sorted() {
    const { messages, calls } = await unpack(this.packed);
    const byPlace = new Map();
    for (const call of calls) {
      const place = `${call[0]} ${call[1]} ${call[2]}`;
      if (!byPlace.has(place)) byPlace.set(place, []);
      byPlace.get(place).push(call);
    }
    return { messages, byPlace };
  }
}

/** Draws calls: what was sent, folded, and the raw reply. */
export function drawCalls(calls, leftOut) {
  const box = element("div", { class: "calls" });
  if (!calls.length) {
    const why = leftOut
      ? `Not in this page, which leaves out ${leftOut.toLocaleString("en")} calls for its size. All are in the run's calls.sqlite.`
      : "No call to a model belongs to this.";
    box.append(element("p", {}, why));
  }
  for (const call of calls) {
    box.append(element("h4", {}, `Call for: ${call.what}`));
    for (const message of call.messages) {
      const fold = element("details", {}, element("summary", {}, NAMES[message.role] ?? message.role));
      fold.append(element("pre", { tabindex: "0" }, message.text));
      if (message === call.messages.at(-1)) fold.open = true;
      box.append(fold);
    }
    box.append(element("h5", {}, "Raw reply"), element("pre", { tabindex: "0" }, call.reply));
  }
  return box;
}
