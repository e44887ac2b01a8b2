// A run that is going: asks the server what is new, and becomes the report when the run has ended.

import { addressOf } from "./address.js";
import { element, readJson } from "./page_data.js";
import { placeOf, readRows } from "./rows.js";
import { Transcript } from "./transcript.js";

const PAUSE = 1000; // milliseconds between two questions
const MISSED = 3; // failed questions before the page says that the server is gone

class LiveRun {
  constructor(section, data) {
    this.section = section;
    this.data = data;
    this.transcript = new Transcript(section, data, "");
    this.version = 0;
    this.rows = data.trials.map(() => []);
    this.missed = 0;
    this.title = document.title;
  }

  async ask() {
    try {
      const response = await fetch(`state?since=${this.version}`);
      if (!response.ok) throw new Error(response.statusText);
      this.missed = 0;
      this.take(await response.json());
    } catch {
      this.missed += 1;
    }
    document.getElementById("gone").hidden = this.missed < MISSED;
    setTimeout(() => this.ask(), PAUSE);
  }

  take(news) {
    if (news.status) document.getElementById("state").textContent = news.status;
    if (news.is_over || news.frame !== this.data.frame) {
      if (!news.is_over || news.is_ready) this.reload();
      return;
    }
    for (const [name, text] of Object.entries(news.facts)) {
      document.querySelector(`[data-fact=${name}]`).textContent = text;
    }
    document.getElementById("progress").value = news.share;
    document.title = `${Math.floor(100 * news.share)}% · ${this.title}`;
    if (news.version === this.version) return;
    this.version = news.version;
    for (const { trial, start, rows } of news.changes) this.rows[trial].splice(start, Infinity, ...rows);
    this.data.rows = this.rows.flat();
    this.transcript.update();
    this.drawLatest(news.latest);
  }

  drawLatest(latest) {
    const rows = readRows({ ...this.data, rows: latest });
    document.getElementById("latest-events").replaceChildren(
      ...rows.reverse().map((row) => {
        const { step, trial } = this.transcript.headingOf(row);
        const place = [step ? `step ${step}` : "", trial].filter(Boolean).join(" · ");
        const head = element("p", { class: "head" });
        head.append(element("span", { class: "place" }, place));
        if (row.who) head.append(element("strong", {}, row.who), " ");
        head.append(`${row.verb}${row.to ? ` to ${row.to}` : ""}`);
        const made = element("li", { class: `row ${row.kind}` }, head);
        if (row.text) made.append(element("p", { class: "text" }, row.text));
        return made;
      }),
    );
  }

  /** Loads the page anew, at the place in the transcript that is being read. */
  reload() {
    const { filter, list } = this.transcript;
    const item = list.items[list.at(list.view.scrollTop)];
    const isRead = list.view.scrollTop > 0 || addressOf({ ...filter, row: "" }) !== addressOf({});
    if (isRead && item) {
      const row = item.row ?? list.items[list.items.indexOf(item) + 1].row;
      history.replaceState(null, "", addressOf({ ...filter, row: placeOf(row) }));
    }
    location.reload();
  }
}

const section = document.getElementById("transcript");
const live = new LiveRun(section, readJson("transcript-data"));
section.classList.add("ready");
await live.ask();
document.documentElement.dataset.ready = "true";
