/** Whether somebody can see a canvas. */

export class Visibility {
  private readonly observer: IntersectionObserver;
  private isOnScreen = true;

  /**
   * `isNeeded` tells that the canvas is used though it lies nowhere, such as for a
   * stream; a hidden page shows nothing all the same.
   */
  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly isNeeded: () => boolean,
    private readonly onChange: (isVisible: boolean) => void,
  ) {
    this.observer = new IntersectionObserver((entries) => {
      this.isOnScreen = entries.at(-1)?.isIntersecting ?? true;
      this.update();
    });
    this.observer.observe(canvas);
    document.addEventListener("visibilitychange", this.update);
    this.update();
  }

  readonly update = () => {
    const isSeen = this.isOnScreen || !this.canvas.isConnected || this.isNeeded();
    this.onChange(isSeen && !document.hidden);
  };

  dispose() {
    this.observer.disconnect();
    document.removeEventListener("visibilitychange", this.update);
  }
}
