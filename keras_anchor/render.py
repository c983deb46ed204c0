"""An anchor plays a performance: frames, a film, or a window. Needs no TensorFlow."""

import os
import queue
import sys
import threading
import time

import cv2
import numpy as np

from keras_anchor import controls as ctl
from keras_anchor.anchors import Anchor, load_anchor
from keras_anchor.films import check_film_path, write_film
from keras_anchor.frames import composite, to_uint8
from keras_anchor.quiet import quiet
from keras_anchor.scene.backdrops import make_backdrop

STUDIO_CENTRE, STUDIO_EDGE = (122.0, 140.0, 160.0), (58.0, 70.0, 88.0)
QUEUE_SIZE = 16


class Renderer:
    """Controls to pixels on the CPU, through the anchor's TFLite model.

    Args:
        anchor: An `Anchor`, or what `load_anchor` takes.
        num_threads: Threads that TFLite may use.

    Call arguments:
        controls: `(62,)` in this version's order. The anchor gets those that it
            knows, in its own order.

    Returns:
        uint8 `(size, size, 4)` RGBA with straight alpha, or 3 channels.

    Raises:
        ValueError: If the anchor holds no TFLite model.
    """

    def __init__(self, anchor=None, num_threads=2):
        from ai_edge_litert.interpreter import Interpreter

        self.anchor = anchor if isinstance(anchor, Anchor) else load_anchor(anchor)
        formats = self.anchor.info["formats"]
        name = "tflite_float16" if "tflite_float16" in formats else "tflite"
        path = self.anchor.path(name)
        with quiet():
            self.interpreter = Interpreter(str(path), num_threads=num_threads)
            self.run = self.interpreter.get_signature_runner()
        self.columns = [ctl.INDEX[name] for name in self.anchor.names]
        self.noise = self.anchor.noise[None]
        with quiet():  # The first frame makes the delegate, which tells of itself.
            self(ctl.NEUTRAL)

    def __call__(self, controls):
        controls = np.asarray(controls, "float32")
        if controls.shape != (len(ctl.NAMES),):
            raise ValueError(
                f"Expected controls of shape ({len(ctl.NAMES)},), received "
                f"{controls.shape}."
            )
        known = np.ascontiguousarray(ctl.clip(controls)[None, self.columns])
        return to_uint8(self.run(controls=known, noise=self.noise)["frames"][0])


def make_background(size, background=None):
    """A background picture `(size, size, 3)` float32 in `[0, 255]`.

    Args:
        background: `#rrggbb`, `(red, green, blue)`, the path of a picture, which is
            cropped to the middle square, or None for a grey-blue studio.

    Raises:
        ValueError: For a picture that cannot be read or a colour that is none.
    """
    if background is None:
        return make_studio(size)
    return make_backdrop(size, size, background).astype("float32")


def make_studio(size):
    """A soft light on a grey-blue wall, with enough grain to hide 8-bit steps."""
    y, x = np.mgrid[:size, :size] / size
    distance = np.hypot((x - 0.5) / 0.75, (y - 0.38) / 0.85)
    light = np.exp(-0.5 * (distance / 0.5) ** 2)[..., None]
    wall = np.array(STUDIO_EDGE) + light * np.subtract(STUDIO_CENTRE, STUDIO_EDGE)
    grain = np.random.default_rng(0).uniform(-0.7, 0.7, (size, size, 1))
    return (wall + grain).astype("float32")


def render_film(anchor, performance, path, background=None, num_threads=2):
    """Renders a performance to a film; see `write_film` for the kinds of file.

    Drawing runs in one thread, encoding in another. Nothing is left under the name
    `path` unless the film is whole.

    Args:
        anchor: An `Anchor`, or what `load_anchor` takes.
        background: See `make_background`. None keeps alpha where the file can
            (`.webm` and PNG), and is the studio where it cannot.

    Returns:
        `path`.
    """
    path = check_film_path(path)
    renderer = Renderer(anchor, num_threads=num_threads)
    keeps_alpha = background is None and path.suffix.lower() != ".mp4"
    wall = None
    if not keeps_alpha:
        wall = make_background(renderer.anchor.size, background)

    def draw():
        for controls in performance.controls:
            pixels = renderer(controls)
            yield pixels if wall is None else composite(pixels, wall)

    with Ahead(draw()) as frames:
        return write_film(
            path,
            frames,
            performance.fps,
            sound=performance.sound,
            sample_rate=performance.sample_rate,
        )


class Ahead:
    """Iterates over something in a thread of its own, a few items ahead.

    Leaving the `with` block stops the thread. What it raises is raised here.
    """

    def __init__(self, items):
        self.items = items
        self.queue = queue.Queue(QUEUE_SIZE)
        self.is_stopped = threading.Event()
        self.thread = threading.Thread(target=self.work, daemon=True)

    def work(self):
        error = None
        try:
            for item in self.items:
                if not self.put((item, None)):
                    return
        except BaseException as raised:
            error = raised
        self.put((None, error or StopIteration()))

    def put(self, entry):
        while not self.is_stopped.is_set():
            try:
                self.queue.put(entry, timeout=0.1)
                return True
            except queue.Full:
                continue
        return False

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.is_stopped.set()
        self.thread.join()

    def __iter__(self):
        while True:
            item, error = self.queue.get()
            if isinstance(error, StopIteration):
                return
            if error is not None:
                raise error
            yield item


def show(anchor, performance, background=None, num_threads=2):
    """Plays a performance in a window, over and over, silently, until Esc or q.

    Late frames are left out, so that it keeps real time.

    Raises:
        OSError: If there is no screen, or OpenCV was built without windows.
    """
    check_window()
    renderer = Renderer(anchor, num_threads=num_threads)
    title = f"{renderer.anchor.name} - synthetic"
    wall = make_background(renderer.anchor.size, background)
    cv2.namedWindow(title, cv2.WINDOW_AUTOSIZE)
    start = time.monotonic()
    try:
        while cv2.getWindowProperty(title, cv2.WND_PROP_VISIBLE) >= 1:
            elapsed = time.monotonic() - start
            index = int(elapsed * performance.fps)
            controls = performance.controls[index % len(performance.controls)]
            cv2.imshow(title, composite(renderer(controls), wall)[..., ::-1])
            left = start + (index + 1) / performance.fps - time.monotonic()
            if cv2.waitKey(max(1, round(1000 * left))) in (27, ord("q")):
                break
    finally:
        cv2.destroyWindow(title)


def check_window():
    """Raises `OSError` where no window can be opened."""
    if "GUI:                           NONE" in cv2.getBuildInformation():
        raise OSError(
            "OpenCV is installed without windows. Replace it: "
            "pip uninstall opencv-python-headless; pip install opencv-python"
        )
    has_screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if sys.platform.startswith("linux") and not has_screen:
        raise OSError(
            "There is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set). "
            "Write a film instead: give -o film.mp4"
        )
