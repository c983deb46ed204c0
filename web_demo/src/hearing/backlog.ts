/** What waits to be heard: the newest, and never more than fits. */

export class Backlog<Item> {
  private items: Item[] = [];
  numDropped = 0;

  constructor(private readonly size: number) {}

  get isEmpty(): boolean {
    return this.items.length === 0;
  }

  add(item: Item) {
    this.items.push(item);
    if (this.items.length <= this.size) return;
    this.items.shift();
    this.numDropped++;
  }

  /** The oldest, at most `count`. */
  take(count: number): Item[] {
    return this.items.splice(0, count);
  }
}
