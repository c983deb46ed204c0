"""Pictures of a webcam as they come, their sound, and an even frame rate."""

import time
from contextlib import contextmanager
from itertools import chain, islice
from queue import Empty, Full, Queue
from threading import Event, Thread

import cv2
import numpy as np

from keras_anchor.data.video.frames import read_frames
from keras_anchor.data.video.probe import probe
from keras_anchor.data.video.sound import SAMPLE_RATE, read_sound

# What cameras deliver; what was measured is rounded to the nearest.
RATES = (5.0, 7.5, 10.0, 12.0, 15.0, 20.0, 24.0, 25.0, 30.0, 50.0, 60.0)
NUM_TIMED = 30
WIDTH, HEIGHT = 1280, 720
# As many pictures may wait to be written as fit in a few hundred megabytes.
MAX_WAITING = 120
SILENT_CAMERA_SECONDS = 10.0


@contextmanager
def open_camera(camera):
    """Yields an iterable of `(seconds, image)`, uint8 RGB, since the first picture.

    Its `started` says when that came, as `time.monotonic` does.

    Args:
        camera: Its number as text, or the path of a video that stands for one.

    Raises:
        ValueError: If there is no such camera.
    """
    if not camera.isdecimal():
        yield VideoCamera(camera)
        return
    capture = cv2.VideoCapture(int(camera))
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, WIDTH)
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, HEIGHT)
    if not capture.isOpened():
        raise ValueError(
            f"Camera {camera} can't be opened. Plug it in, close what else uses it, "
            "allow this program to use it, or try `--camera 1`."
        )
    reader = Webcam(capture)
    try:
        yield reader
    finally:
        reader.stop()


class VideoCamera:
    """A video that stands for a camera, as fast as it can be read."""

    started = 0.0

    def __init__(self, path):
        self.path, self.fps = path, probe(path).fps

    def __iter__(self):
        for index, image in enumerate(read_frames(self.path)):
            yield index / self.fps, image


class Webcam:
    """Reads a camera in a thread of its own, so that no picture waits for a film.

    Args:
        capture: `cv2.VideoCapture`.
    """

    def __init__(self, capture):
        self.capture, self.queue = capture, Queue(MAX_WAITING)
        self.stopped, self.num_lost, self.started = Event(), 0, 0.0
        self.thread = Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.stopped.is_set():
            is_frame, frame = self.capture.read()
            now = time.monotonic()
            if not is_frame:
                continue
            self.started = self.started or now
            try:
                self.queue.put_nowait((now - self.started, frame))
            except Full:
                self.num_lost += 1
        self.capture.release()

    def __iter__(self):
        while True:
            try:
                moment, frame = self.queue.get(timeout=SILENT_CAMERA_SECONDS)
            except Empty:
                return
            yield moment, cv2.cvtColor(frame, cv2.COLOR_BGR2RGB)

    def stop(self):
        self.stopped.set()
        self.thread.join(timeout=SILENT_CAMERA_SECONDS)
        if self.num_lost:
            print(f"{self.num_lost} pictures were lost: this machine is too busy.")


def measure_fps(pictures):
    """The frame rate of the first pictures, and all pictures.

    Raises:
        ValueError: If there are none.
    """
    pictures = iter(pictures)
    first = list(islice(pictures, NUM_TIMED))
    if len(first) < 2:
        raise ValueError(
            "The camera gives no picture. Close what else uses it, or try another."
        )
    gap = np.median(np.diff([moment for moment, _ in first]))
    fps = min(RATES, key=lambda rate: abs(np.log(rate * max(gap, 1e-3))))
    return fps, chain(first, pictures)


def even_out(pictures, fps):
    """Images at a fixed rate: each is shown until the next one was there."""
    last, num_frames = None, 0
    for moment, image in pictures:
        due = round(moment * fps)
        while last is not None and num_frames < due:
            yield last
            num_frames += 1
        last = image
    if last is not None:
        yield last


class Microphone:
    """Hears what the camera's owner says, where `sounddevice` is installed.

    A video that stands for a camera brings its own sound.

    Args:
        camera: As for `open_camera`.
    """

    def __init__(self, camera):
        self.camera, self.stream = camera, None
        self.blocks, self.started = [], 0.0

    def __enter__(self):
        if not self.camera.isdecimal():
            return self
        try:
            import sounddevice
        except (ImportError, OSError) as error:  # OSError: PortAudio is missing.
            print(
                f"Filming without sound ({error}). For sound: "
                'pip install "keras-anchor[record]", on Linux also libportaudio2.'
            )
            return self
        try:
            self.stream = sounddevice.InputStream(
                samplerate=SAMPLE_RATE, channels=1, callback=self.hear
            )
            self.stream.start()
        except sounddevice.PortAudioError as error:
            self.stream = None
            print(f"Filming without sound: no microphone can be opened ({error}).")
        return self

    def __exit__(self, *error):
        if self.stream is not None:
            self.stream.close()

    def hear(self, samples, num_samples, times, status):
        if not self.blocks:
            self.started = time.monotonic() - num_samples / SAMPLE_RATE
        self.blocks.append(samples[:, 0].copy())

    def stop(self, since, seconds):
        """Mono float32 `(num_samples,)` at `SAMPLE_RATE`, or None.

        Args:
            since: When the first picture came, as `time.monotonic` says.
            seconds: How much of the sound at most.
        """
        if not self.camera.isdecimal():
            return read_sound(self.camera, seconds)
        if not self.blocks:
            return None
        early = round((since - self.started) * SAMPLE_RATE)
        sound = np.concatenate(self.blocks)
        return np.pad(sound[max(0, early) :], (max(0, -early), 0))
