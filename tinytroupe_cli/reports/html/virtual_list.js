// A list that draws only what is in view. Heights are guessed first, and measured once an item was drawn.

const AROUND = 600; // pixels above and below the view that are drawn too

export class VirtualList {
  /** `draw(item, index)` makes an item's element; `guess(item)` is its height before it was drawn. */
  constructor(view, draw, guess) {
    this.view = view;
    this.draw = draw;
    this.guess = guess;
    this.canvas = document.createElement("div");
    this.canvas.className = "canvas";
    this.canvas.setAttribute("role", "list");
    view.append(this.canvas);
    view.addEventListener("scroll", () => this.schedule(), { passive: true });
    this.sizes = new ResizeObserver((entries) => this.measure(entries));
    new ResizeObserver(() => this.resized()).observe(view);
    this.show([]);
  }

  /** Shows other items, from the first. */
  show(items) {
    this.items = items;
    this.heights = items.map((item) => this.guess(item));
    this.drawn = new Map();
    this.sizes.disconnect();
    this.canvas.replaceChildren();
    this.place();
    this.view.scrollTop = 0;
    this.render();
  }

  /** Brings an item into view. */
  reveal(index) {
    this.view.scrollTop = Math.max(0, this.tops[index] - 60);
    this.render();
    requestAnimationFrame(() => {
      this.view.scrollTop = Math.max(0, this.tops[index] - 60); // its neighbours have been measured by now
      this.render();
    });
  }

  /** Returns an item's element, if it is drawn. */
  elementOf(index) {
    return this.drawn.get(index);
  }

  place() {
    this.tops = new Float64Array(this.items.length + 1);
    for (let index = 0; index < this.items.length; index += 1) {
      this.tops[index + 1] = this.tops[index] + this.heights[index];
    }
    this.canvas.style.height = `${this.tops[this.items.length]}px`;
  }

  schedule() {
    if (this.scheduled) return;
    this.scheduled = requestAnimationFrame(() => {
      this.scheduled = 0;
      this.render();
    });
  }

  render() {
    const from = this.view.scrollTop - AROUND;
    const to = this.view.scrollTop + this.view.clientHeight + AROUND;
    const first = Math.max(0, this.at(from));
    const last = Math.min(this.items.length - 1, this.at(to));
    for (const [index, element] of this.drawn) {
      if ((index < first || index > last) && !element.contains(document.activeElement)) {
        this.sizes.unobserve(element);
        element.remove();
        this.drawn.delete(index);
      }
    }
    let before = null;
    for (let index = last; index >= first; index -= 1) {
      const element = this.drawn.get(index) ?? this.add(index, before);
      element.style.transform = `translateY(${this.tops[index]}px)`;
      before = element;
    }
  }

  add(index, before) {
    const element = this.draw(this.items[index], index);
    element.setAttribute("role", "listitem");
    element.setAttribute("aria-setsize", String(this.items.length));
    element.setAttribute("aria-posinset", String(index + 1));
    element.dataset.index = String(index);
    this.canvas.insertBefore(element, before);
    this.drawn.set(index, element);
    this.sizes.observe(element);
    return element;
  }

  /** Returns the index of the item at a height, by halving. */
  at(height) {
    let low = 0;
    let high = this.items.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.tops[middle] <= height) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  measure(entries) {
    let changed = false;
    for (const entry of entries) {
      const index = Number(entry.target.dataset.index);
      const height = entry.borderBoxSize?.[0]?.blockSize ?? entry.target.offsetHeight;
      if (height > 0 && this.drawn.get(index) === entry.target && Math.abs(this.heights[index] - height) > 0.5) {
        if (this.tops[index] + this.heights[index] < this.view.scrollTop) {
          this.view.scrollTop += height - this.heights[index]; // what is in view stays where it is
        }
        this.heights[index] = height;
        changed = true;
      }
    }
    if (changed) {
      this.place();
      this.schedule();
    }
  }

  resized() {
    if (this.width === this.view.clientWidth) {
      this.schedule();
      return;
    }
    this.width = this.view.clientWidth;
    this.heights = this.items.map((item) => this.guess(item));
    for (const [index, element] of this.drawn) this.heights[index] = element.offsetHeight || this.heights[index];
    this.place();
    this.render();
  }
}
