"""Where the frames go: a window, a film, or nowhere."""

import os
import queue
import threading
import time
from contextlib import suppress

import cv2

from keras_anchor.conversation.stage import FPS
from keras_anchor.data.video.containers import import_av
from keras_anchor.films import add_sound, check_film_path, write_film
from keras_anchor.frames import composite

QUIT_KEYS = 27, ord("q")
# Pictures that may wait to be encoded.
MAX_WAITING = 32


class Window:
    """Shows frames when they are due.

    Args:
        title: Of the window.
    """

    def __init__(self, title):
        self.title = title
        cv2.namedWindow(title, cv2.WINDOW_AUTOSIZE)

    def show(self, pixels, due):
        """Shows uint8 RGB at `due`, seconds of `time.monotonic`.

        Returns:
            False if the viewer shut the window, or pressed Escape or q.
        """
        cv2.imshow(self.title, pixels[..., ::-1])
        left = max(1, round(1000 * (due - time.monotonic())))
        key = cv2.waitKey(left)
        is_open = cv2.getWindowProperty(self.title, cv2.WND_PROP_VISIBLE) >= 1
        return is_open and key not in QUIT_KEYS

    def close(self):
        cv2.destroyAllWindows()


class Film:
    """Writes an `.mp4` while the talk goes on; whole or not at all.

    Args:
        path: Of the film.

    Raises:
        ValueError: If the path is no `.mp4` that can be written.
        ModuleNotFoundError: If PyAV is not installed.
    """

    def __init__(self, path):
        import_av()
        self.path = check_film_path(path)
        if self.path.suffix.lower() != ".mp4":
            raise ValueError(
                f"Expected a film such as `talk.mp4`, received {str(path)!r}: a talk "
                "is written as .mp4 alone."
            )
        self.part = self.path.with_name(f".talk-{os.getpid()}-{self.path.name}")
        self.queue, self.error = queue.Queue(MAX_WAITING), None
        self.thread = threading.Thread(target=self.write, daemon=True)
        self.thread.start()

    def write(self):
        try:
            write_film(self.part, self.read(), FPS)
        except Exception as error:  # Raised again where the talk is.
            self.error = error

    def read(self):
        while (pixels := self.queue.get()) is not None:
            yield pixels

    def add(self, pixels):
        """Adds uint8 RGB `(size, size, 3)`."""
        while self.thread.is_alive():
            try:
                return self.queue.put(pixels, timeout=0.1)
            except queue.Full:
                continue
        raise self.error or OSError("The film could not be written.")

    def finish(self, sound, sample_rate):
        """Ends the film, and gives it its sound, mono float32."""
        self.add(None)
        self.thread.join()
        if self.error:
            raise self.error
        add_sound(self.part, sound, sample_rate)
        os.replace(self.part, self.path)

    def close(self):
        """Removes what is not whole."""
        with suppress(Exception):  # It has failed, which was raised before.
            self.add(None)
        self.thread.join()
        self.part.unlink(missing_ok=True)


class Pictures:
    """Draws frames, for a window in time, for a film all of them.

    Args:
        renderer: A `Renderer`.
        wall: What `make_background` returns.
        window, film: A `Window`, a `Film`, or None.
    """

    def __init__(self, renderer, wall, window=None, film=None):
        self.renderer, self.wall = renderer, wall
        self.window, self.film = window, film
        self.num_drawn = self.num_late = 0
        self.last = None

    def show(self, shown, is_over):
        """Takes frames `(due, controls)` off a queue until `is_over()`.

        In a window, frames that come too late are left out; a film shows the one
        before twice.

        Returns:
            False if the viewer shut the window.
        """
        while not is_over():
            try:
                due, controls = shown.get(timeout=0.05)
            except queue.Empty:
                continue
            if self.window is None and self.film is None:
                continue
            is_late = self.window and self.last is not None and not shown.empty()
            if is_late and time.monotonic() > due + 1.0 / FPS:
                self.num_late += 1
            else:
                self.last = composite(self.renderer(controls), self.wall)
                self.num_drawn += 1
                if self.window and not self.window.show(self.last, due):
                    return False
            if self.film:
                self.film.add(self.last)
        return True
