"""Films a face with a webcam while it reads, and ticks off what was seen."""

import json
import signal
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import cv2
import numpy as np

from keras_anchor.camera import Microphone, even_out, measure_fps, open_camera
from keras_anchor.data.check.contact_sheet import write, write_lines
from keras_anchor.data.check.coverage import measure_coverage
from keras_anchor.data.faces import FaceTracker
from keras_anchor.data.video.sound import SAMPLE_RATE
from keras_anchor.films import add_sound, write_film
from keras_anchor.render import check_window

READING_PATH = Path(__file__).parent / "assets" / "reading.json"
FILMED = "Filmed with keras-anchor record."
LOOKS_PER_SECOND, TITLE = 8.0, "keras-anchor record"
# How long a line stays, for each of its letters; Chinese says more in one.
LETTER_SECONDS = {"en": 0.075, "zh": 0.28}
# Once the last line has been read, what is still missing takes its place.
LAST_SECONDS = 6.0
SILENCE = {
    "en": "Look into the camera, lips shut, and say nothing.",
    "zh": "看着镜头，闭上嘴，不要说话。",
}
INK, PAPER, FAINT = (255, 255, 255), (28, 30, 34), (150, 152, 158)
TICK = (90, 200, 120)


def record(path, camera="0", seconds=90.0, language="en", has_window=True):
    """Films until the time is over, a window's `q` or Escape, or Ctrl-C.

    Args:
        path: `.mp4` to write, with sound where `sounddevice` is installed.
        camera: Its number, or the path of a video that stands for one.
        seconds: How long at most.
        language: `en` or `zh`, of the text to read.
        has_window: Whether to show the picture, what to read, and what was seen;
            otherwise what was seen is printed.

    Returns:
        `path`.

    Raises:
        ValueError: If the path is no `.mp4` or exists already, or if the camera gives
            no picture.
        OSError: If no window can be opened.
    """
    path = Path(path)
    if path.suffix.lower() != ".mp4":
        raise ValueError(f"Expected a clip to write such as `me.mp4`, received {path}.")
    if path.exists():
        raise ValueError(f"{path} exists already. Name another clip, or remove it.")
    monitor = print_ticks
    if has_window:
        check_window()
        monitor = Monitor(read_prompts(language, seconds))
    coverage = LiveCoverage()
    with open_camera(camera) as pictures, Microphone(camera) as microphone:
        with stopping() as stop:
            fps, images = measure_fps(pictures)
            watched = watch(until(images, seconds, stop), coverage, monitor, stop)
            write_film(path, even_out(watched, fps), fps, comment=FILMED)
        sound = microphone.stop(pictures.started, seconds)
    if has_window:
        cv2.destroyWindow(TITLE)
    if sound is not None:
        add_sound(path, sound, SAMPLE_RATE)
    print_summary(path, coverage)
    return path


def read_prompts(language, seconds):
    """`[(start, text), ...]`: silence first, then the text line by line."""
    reading = json.loads(READING_PATH.read_text(encoding="utf-8"))
    prompts, start = [(0.0, SILENCE[language])], float(reading["silence_seconds"])
    for line in reading[language]:
        prompts.append((start, line))
        start += 1.0 + LETTER_SECONDS[language] * len(line)
    # What does not fit is read faster.
    pace = min(1.0, 0.8 * seconds / start)
    return [(start * pace, text) for start, text in prompts]


@contextmanager
def stopping():
    """Yields an `Event` that Ctrl-C sets; a second Ctrl-C stops at once."""
    stop, before = Event(), signal.getsignal(signal.SIGINT)

    def ask(number, frame):
        stop.set()
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, ask)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def until(pictures, seconds, stop):
    """The pictures `(time, image)` before `seconds` are over or `stop` is set."""
    for moment, image in pictures:
        if moment >= seconds or stop.is_set():
            return
        yield moment, image


def watch(pictures, coverage, monitor, stop):
    """Passes pictures on, looking at some of them."""
    for moment, image in pictures:
        coverage.look(moment, image)
        if monitor(moment, image, coverage) is False:
            stop.set()
        yield moment, image


class LiveCoverage:
    """What was seen so far: the coverage of a clip that is still being filmed.

    Attributes:
        items: `Coverage` objects.
        news: Names of the items that the last look completed.
    """

    def __init__(self):
        self.tracker, self.faces, self.seconds = FaceTracker(), [], []
        self.items, self.news, self.due = measure_coverage([], []), [], 0.0

    def look(self, moment, image):
        """Looks at an image uint8 RGB, if the last look is long enough ago."""
        self.news = []
        if moment < self.due:
            return
        self.due = moment + 1.0 / LOOKS_PER_SECOND
        face = self.tracker(image)
        if face is None:
            return
        self.faces.append(face)
        self.seconds.append(moment)
        if len(self.faces) % int(LOOKS_PER_SECOND) == 0:
            self.update()

    def update(self):
        """Measures the coverage of all that was seen."""
        done = {item.name for item in self.items if item.is_covered}
        self.items = measure_coverage(self.faces, self.seconds)
        now = [item.name for item in self.items if item.is_covered]
        self.news = [name for name in now if name not in done]


def print_ticks(moment, image, coverage):
    for name in coverage.news:
        print(f"✓ {name} ({moment:.0f} s)", flush=True)


def print_summary(path, coverage):
    """Says what is still missing."""
    coverage.update()
    for item in coverage.items:
        mark, advice = ("✓", "") if item.is_covered else ("·", f"  {item.advice}")
        print(f"{mark} {item.name:<11}{round(100 * item.score):3d} %{advice}")
    print(f"Next: keras-anchor check {path}", file=sys.stderr)


class Monitor:
    """A window: the picture as in a mirror, what to read, and ticks.

    Args:
        prompts: What `read_prompts` returns.

    Call arguments:
        moment: Seconds since the start.
        image: uint8 RGB.
        coverage: `LiveCoverage`.

    Returns:
        False if the viewer asked to stop.
    """

    def __init__(self, prompts):
        self.prompts, self.shown = prompts, 0.0

    def __call__(self, moment, image, coverage):
        # Drawing is slow; the film matters more.
        if time.monotonic() - self.shown < 0.04:
            return True
        self.shown = time.monotonic()
        cv2.imshow(
            TITLE, draw_monitor(image, self.prompts, moment, coverage)[..., ::-1]
        )
        return cv2.waitKey(1) not in (27, ord("q"))


def draw_monitor(image, prompts, moment, coverage):
    """uint8 RGB `(720, 960, 3)`: what to read, the mirrored picture, the ticks."""
    page = np.full((720, 960, 3), PAPER, "uint8")
    place = max(index for index, (start, _) in enumerate(prompts) if start <= moment)
    line, following = prompts[place][1], ""
    if place + 1 < len(prompts):
        following = prompts[place + 1][1]
    elif moment > prompts[place][0] + LAST_SECONDS:
        missing = [item.advice for item in coverage.items if not item.is_covered]
        line = missing[0] if missing else "All was seen. Press q to stop."
    base = write_lines(page, line, 40, 60, 880, size=30, colour=INK)
    write_lines(page, following, 40, base + 10, 880, size=20, colour=FAINT)
    height = min(460, round(680 * image.shape[0] / image.shape[1]))
    width = round(height * image.shape[1] / image.shape[0])
    small = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
    page[220 : 220 + height, 40 : 40 + width] = small[:, ::-1]
    for index, item in enumerate(coverage.items):
        base, colour = 240 + 46 * index, INK if item.is_covered else FAINT
        write(page, item.name, 750, base, size=20, colour=colour)
        if item.is_covered:
            tick = np.array([[872, base - 8], [879, base - 1], [892, base - 16]])
            cv2.polylines(page, [tick], False, TICK, 3, cv2.LINE_AA)
        else:
            score = f"{round(100 * item.score)} %"
            write(page, score, 870, base, size=20, colour=colour)
    write(page, f"{moment:.0f} s     q: stop", 750, 676, size=18, colour=FAINT)
    return page
