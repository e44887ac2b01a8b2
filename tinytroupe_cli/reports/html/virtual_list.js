// A list that draws only what is in view. Heights are guessed first, and measured once an item was drawn.

const AROUND = 600; // pixels above and below the view that are drawn too
const END = 40; // pixels from the end that still count as the end

export class VirtualList {
  /** `draw(item, index)` makes an item's element; `guess(item)` is its height before it was drawn; items have keys. */
  constructor(view, draw, guess) {
    this.view = view;
    this.draw = draw;
    this.guess = guess;
    this.canvas = document.createElement("div");
    this.canvas.className = "canvas";
    this.canvas.setAttribute("role", "list");
    view.append(this.canvas);
    this.grows = false;
    this.isAtEnd = false; // whether the end of a list that grows is being read
    view.addEventListener("scroll", () => this.scrolled(), { passive: true });
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

  /** Shows more or fewer items; what is in view stays where it is, and who reads the end goes on with it. */
  update(items) {
    const places = new Map(items.map((item, index) => [item.key, index]));
    const first = this.at(this.view.scrollTop);
    const offset = this.view.scrollTop - this.tops[first];
    const anchor = this.items.slice(first).find((item) => places.has(item.key));
    const heights = new Map(this.items.map((item, index) => [item.key, this.heights[index]]));
    const drawn = [...this.drawn].map(([index, element]) => [places.get(this.items[index].key), element]);
    this.items = items;
    this.heights = items.map((item) => heights.get(item.key) ?? this.guess(item));
    this.drawn = new Map(drawn.filter(([index]) => index !== undefined));
    for (const [index, element] of drawn) {
      if (index === undefined) {
        this.sizes.unobserve(element);
        element.remove();
      } else {
        this.number(element, index);
      }
    }
    this.grows = true;
    this.place();
    if (this.isAtEnd) this.view.scrollTop = this.view.scrollHeight;
    else if (anchor) this.view.scrollTop = this.tops[places.get(anchor.key)] + offset;
    this.render();
  }

  scrolled() {
    const { scrollTop, clientHeight, scrollHeight } = this.view;
    this.isAtEnd = this.grows && scrollTop > 0 && scrollTop + clientHeight >= scrollHeight - END;
    this.schedule();
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
    this.number(element, index);
    this.canvas.insertBefore(element, before);
    this.drawn.set(index, element);
    this.sizes.observe(element);
    return element;
  }

  number(element, index) {
    element.setAttribute("aria-setsize", String(this.items.length));
    element.setAttribute("aria-posinset", String(index + 1));
    element.dataset.index = String(index);
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
      if (this.isAtEnd) this.view.scrollTop = this.view.scrollHeight;
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
