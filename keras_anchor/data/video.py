"""Frames and sound of a video file."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np

SAMPLE_RATE = 48000
MIN_SECONDS = 2.0
DONE = object()


def import_av():
    """PyAV, which bundles FFmpeg.

    Raises:
        ModuleNotFoundError: If it is not installed.
    """
    try:
        import av
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            "Videos and films need PyAV, which carries FFmpeg with GPL parts and is "
            'therefore optional. Install it: pip install "keras-anchor[film]". A film '
            "that is a folder of PNG pictures (a name without suffix) works without it."
        ) from None
    return av


def check_video(path):
    """Frames a second of a video file.

    Raises:
        ValueError: If the file is missing, empty, unreadable or without a picture.
    """
    av, path = import_av(), Path(path)
    if not path.is_file():
        raise ValueError(f"There is no video file {path}.")
    if path.stat().st_size == 0:
        raise ValueError(f"{path} is empty. Record or download it again.")
    try:
        with av.open(str(path)) as container:
            has_picture = bool(container.streams.video)
    except (av.FFmpegError, UnicodeDecodeError) as error:
        raise ValueError(
            f"{path} is no video that can be read ({error}). Expected a file such as "
            ".mp4, .mov or .webm."
        ) from None
    if not has_picture:
        raise ValueError(f"{path} has sound but no picture. Expected a video.")
    capture = cv2.VideoCapture(str(path))
    fps = capture.get(cv2.CAP_PROP_FPS)
    capture.release()
    if not 1.0 <= fps <= 240.0:
        raise ValueError(
            f"{path} says it has {fps:g} frames a second. Expected 1 to 240. Convert "
            "it, for instance with `ffmpeg -i in.mp4 -r 25 out.mp4`."
        )
    return fps


def count_frames(path):
    """About how many frames there are, as the file's header says."""
    capture = cv2.VideoCapture(str(path))
    count = int(capture.get(cv2.CAP_PROP_FRAME_COUNT))
    capture.release()
    return count


def read_frames(path, start=0):
    """Yields uint8 RGB `(height, width, 3)`, upright, one at a time."""
    capture = cv2.VideoCapture(str(path))
    try:
        for _ in range(start):
            capture.grab()
        while True:
            is_frame, frame = capture.read()
            if not is_frame:
                return
            yield cv2.cvtColor(frame, cv2.COLOR_BGR2RGB)
    finally:
        capture.release()


def read_sound(path, seconds):
    """The first `seconds`, mono `(num_samples,)` float32 at 48 kHz, or None.

    Raises:
        ValueError: If there is sound that cannot be decoded.
    """
    av, chunks = import_av(), []
    with av.open(str(path)) as container:
        if not container.streams.audio:
            return None
        resampler = av.AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)
        try:
            for frame in container.decode(container.streams.audio[0]):
                chunks += [part.to_ndarray()[0] for part in resampler.resample(frame)]
        except av.FFmpegError as error:
            raise ValueError(
                f"The sound of {path} is damaged ({error}). Leave it out, for instance "
                "with `ffmpeg -i in.mp4 -an -c copy out.mp4`."
            ) from None
        chunks += [part.to_ndarray()[0] for part in resampler.resample(None)]
    if not chunks:
        return None
    return np.concatenate(chunks)[: round(seconds * SAMPLE_RATE)].astype("float32")


def ahead(items):
    """Yields the items while a thread already computes the next one."""
    items = iter(items)
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(next, items, DONE)
        while (item := future.result()) is not DONE:
            future = pool.submit(next, items, DONE)
            yield item
