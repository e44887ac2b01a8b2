// The transcript browser: filters above, rows below, each with its prompt behind a click.

import { NO_FILTER, addressOf, filterOf } from "./address.js";
import { Calls, drawCalls } from "./calls.js";
import { drawLegend, drawLife } from "./life.js";
import { element } from "./page_data.js";
import { placeOf, readRows, shownRows, withHeadings } from "./rows.js";
import { VirtualList } from "./virtual_list.js";

const LINE = 24; // pixels of a line of text, for guessing heights
const HEADING = 44;
const CHOICES = ["person", "condition", "step", "kind", "problem"];

export class Transcript {
  constructor(section, data, packedCalls) {
    this.data = data;
    this.rows = readRows(data);
    this.form = section.querySelector("form");
    this.status = section.querySelector("[role=status]");
    this.life = section.querySelector(".life-of");
    this.view = section.querySelector(".rows");
    this.section = section;
    this.calls = new Calls(packedCalls, data.left_out);
    this.filter = { ...NO_FILTER };
    this.opened = new Map();
    this.list = new VirtualList(
      this.view,
      (item) => (item.heading ? this.drawHeading(item) : this.drawRow(item.row)),
      (item) => (item.heading ? HEADING : this.guess(item.row)),
    );
    this.fillChoices();
    this.form.addEventListener("input", () => this.read());
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("reset", () => this.apply({ ...NO_FILTER }, { keepsAddress: false }));
    window.addEventListener("hashchange", () => this.follow());
    this.apply(filterOf(location.hash) ?? this.filter);
    this.follow();
  }

  /** Fills the choices of the form; what the filter names is chosen. */
  fillChoices() {
    const fill = (name, choices) => {
      const select = this.form.elements[name];
      if (select.options.length === choices.length + 1) return;
      select.replaceChildren(select.options[0], ...choices.map(([value, words]) => new Option(words, value)));
      select.value = this.filter[name];
    };
    fill("person", this.data.people.map((person, place) => [String(place), person.name]));
    fill("condition", this.data.conditions.map((condition) => [condition.name, condition.label]));
    const steps = [...new Set(this.rows.map((row) => row.step))].sort((a, b) => a - b);
    fill("step", steps.map((step) => [String(step), step ? `Step ${step}` : "Before the first step"]));
    fill("kind", Object.entries(this.data.kinds));
    const problems = [...new Set(this.rows.map((row) => row.problem).filter(Boolean))];
    fill("problem", problems.map((problem) => [problem, this.data.problems[problem] ?? problem]));
    for (const name of ["condition", "problem"]) {
      const choice = this.form.elements[name];
      choice.closest("label").hidden = choice.options.length < (name === "condition" ? 3 : 2);
    }
  }

  /** Takes over rows that were added to the data; the filter, and what is in view, stay. */
  update() {
    this.rows = readRows(this.data);
    this.fillChoices();
    this.select();
    this.list.update(this.items);
    if (!this.life.contains(document.activeElement)) this.showLife();
  }

  /** Takes the filter from the form. */
  read() {
    const values = Object.fromEntries(new FormData(this.form));
    this.apply({ ...NO_FILTER, ...values, thoughts: values.thoughts ?? "", row: "" }, { keepsAddress: false });
  }

  /** Takes the filter from the address, and goes to the row it names. */
  follow() {
    const filter = filterOf(location.hash);
    if (!filter) return;
    this.apply(filter);
    this.section.scrollIntoView();
    if (filter.row) this.goTo(filter.row);
  }

  apply(filter, { keepsAddress = true } = {}) {
    this.filter = filter;
    for (const name of [...CHOICES, "text"]) this.form.elements[name].value = filter[name];
    this.form.elements.thoughts.checked = filter.thoughts !== "";
    this.select();
    this.list.show(this.items);
    this.showLife();
    if (!keepsAddress) history.replaceState(null, "", addressOf(filter));
  }

  /** Chooses the rows that the filter shows. */
  select() {
    const shown = shownRows(this.rows, this.filter);
    this.items = withHeadings(shown, (row) => this.headingOf(row));
    const all = this.rows.length.toLocaleString("en");
    this.status.textContent =
      shown.length === this.rows.length ? `${all} events` : `${shown.length.toLocaleString("en")} of ${all} events`;
    this.view.classList.toggle("empty", shown.length === 0);
  }

  showLife() {
    this.life.replaceChildren();
    if (this.filter.person === "") return;
    const person = Number(this.filter.person);
    const { name } = this.data.people[person];
    const choose = (step) => this.apply({ ...this.filter, step: String(step), row: "" }, { keepsAddress: false });
    this.life.append(
      element("h3", {}, `${name}, step by step`),
      drawLife(this.rows, person, name, this.data.kinds, choose),
      drawLegend(this.rows, person, this.data.kinds),
    );
  }

  goTo(place) {
    const [trial, seq] = place.split(".").map(Number);
    const index = this.items.findIndex(({ row }) => row && row.trial === trial && row.seq === seq);
    if (index < 0) return;
    this.list.reveal(index);
    requestAnimationFrame(() => {
      const found = this.list.elementOf(index);
      found?.classList.add("named");
      found?.querySelector("a, button")?.focus({ preventScroll: true });
    });
  }

  headingOf(row) {
    const trial = this.data.trials[row.trial];
    const label = this.data.conditions.find(({ name }) => name === row.condition)?.label ?? "";
    const parts = [
      this.data.conditions.length > 1 ? label : "",
      this.data.replicates > 1 ? `replicate ${trial.replicate}` : "",
      trial.group ? `room ${trial.group}` : "",
    ];
    return { step: row.step, time: row.time, trial: parts.filter(Boolean).join(" · ") };
  }

  drawHeading({ heading }) {
    const made = element("div", { class: "heading" });
    made.append(element("strong", {}, heading.step ? `Step ${heading.step}` : "Before the first step"));
    for (const text of [heading.time, heading.trial]) if (text) made.append(element("span", {}, text));
    return made;
  }

  drawRow(row) {
    const made = element("div", { class: `row ${row.kind}${row.private ? " private" : ""}` });
    const head = element("p", { class: "head" });
    if (row.who) head.append(element("strong", {}, row.who), " ");
    head.append(element("span", { class: "verb" }, `${row.verb}${row.to ? ` to ${row.to}` : ""}`));
    if (row.problem) head.append(" ", element("span", { class: "mark" }, this.data.problems[row.problem] ?? row.problem));
    const link = element("a", { class: "moment", href: addressOf({ row: placeOf(row) }) }, "Link");
    link.setAttribute("aria-label", `Link to this moment: ${row.who} ${row.verb}`);
    const links = element("span", { class: "links" });
    if (this.calls.isThere && this.mayHaveCalls(row)) links.append(this.drawPromptButton(row, made));
    links.append(link);
    made.append(links, head);
    if (row.text) made.append(element("p", { class: "text" }, row.text));
    const opened = this.opened.get(placeOf(row));
    if (opened) made.append(opened);
    return made;
  }

  mayHaveCalls(row) {
    return ["said", "thought", "answer", "problem", "document"].includes(row.kind) && row.step > 0;
  }

  drawPromptButton(row, made) {
    const button = element("button", { type: "button", class: "prompt" }, "Prompt");
    button.setAttribute("aria-label", `Prompt and raw reply: ${row.who} ${row.verb}`);
    button.setAttribute("aria-expanded", String(this.opened.has(placeOf(row))));
    button.addEventListener("click", async () => {
      const opened = this.opened.get(placeOf(row));
      if (opened) {
        opened.remove();
        this.opened.delete(placeOf(row));
      } else {
        const person = row.person >= 0 ? this.data.people[row.person].id : "";
        const drawn = await this.drawn(this.data.trials[row.trial].id, person, row.step);
        this.opened.set(placeOf(row), drawn);
        made.append(drawn);
      }
      button.setAttribute("aria-expanded", String(this.opened.has(placeOf(row))));
    });
    return button;
  }

  async drawn(trial, person, step) {
    try {
      return drawCalls(await this.calls.of(trial, person, step), this.data.left_out);
    } catch (error) {
      return element("p", { class: "calls" }, `This browser can't unpack them (${error.message}).`);
    }
  }

  guess(row) {
    const columns = Math.max(30, this.view.clientWidth / 8.2);
    const lines = row.text ? row.text.split("\n").reduce((sum, line) => sum + 1 + Math.floor(line.length / columns), 0) : 0;
    return 42 + LINE * lines;
  }
}
