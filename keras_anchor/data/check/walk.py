"""A video looked at once from beginning to end, ten pictures a second at most."""

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import cv2
import numpy as np

from keras_anchor.data.check.changes import CameraMeter, ChangeMeter
from keras_anchor.data.check.lip_shapes import measure_gaps
from keras_anchor.data.check.picture_quality import (
    FacePicture,
    find_faces,
    measure_picture,
)
from keras_anchor.data.check.sound_quality import SoundQuality, measure_sound
from keras_anchor.data.faces import Face, FaceTracker, crop_of_landmarks, cut
from keras_anchor.data.video.frames import read_frames
from keras_anchor.data.video.probe import VideoFacts, probe
from keras_anchor.data.video.sound import SAMPLE_RATE, read_sound

SAMPLES_PER_SECOND, MAX_SAMPLES = 10.0, 3000
THUMBNAIL_HEIGHT, PORTRAIT_SIZE = 240, 160


@dataclass
class Sample:
    """One picture that was looked at.

    Args:
        seconds: When.
        face: `Face` or None.
        boxes: `(num_faces, 3)` centre and width of all faces, pixels, largest first.
        picture: `FacePicture` or None.
        shift: `(2,)` of the camera since the last cut, picture widths, or not numbers.
        thumbnail, portrait: JPEG of the picture and of the head.
    """

    seconds: float
    face: Face | None
    boxes: np.ndarray
    picture: FacePicture | None
    shift: np.ndarray
    thumbnail: bytes
    portrait: bytes


@dataclass
class Walk:
    """What was seen and heard in a video.

    Args:
        path: Of the video.
        facts: What `probe` says of it.
        num_frames: Of the part that was looked at.
        width, height: Of its frames.
        samples: `Sample` objects, evenly spread.
        changes, lights: Of all frames, as in `ChangeMeter`.
        sound: `SoundQuality`, or None without sound.
    """

    path: Path
    facts: VideoFacts
    num_frames: int
    width: int
    height: int
    samples: list
    changes: np.ndarray
    lights: np.ndarray
    sound: SoundQuality | None

    @property
    def fps(self):
        return self.facts.fps

    @property
    def seconds(self):
        return self.num_frames / self.fps

    @property
    def times(self):
        """Seconds `(num_samples,)`."""
        return np.array([sample.seconds for sample in self.samples])

    @property
    def has_face(self):
        """`(num_samples,)` booleans."""
        return np.array([sample.face is not None for sample in self.samples], bool)

    @property
    def faces(self):
        return [sample.face for sample in self.samples if sample.face is not None]

    def measure(self, name, otherwise=np.nan):
        """One number of each `FacePicture`, `(num_samples,)`."""
        return np.array(
            [
                otherwise if sample.picture is None else getattr(sample.picture, name)
                for sample in self.samples
            ],
            float,
        )


def walk(path, progress=None, span=(0.0, None)):
    """Looks at a video once and returns its `Walk`.

    Args:
        progress: Called with `check`, frames done and frames in all.
        span: Seconds at which to start, and how many to look at; None for all. Times
            are told from there.

    Raises:
        ValueError: If the file is missing, empty, unreadable or without a picture.
    """
    facts = probe(path)
    fps, (first, total) = facts.fps, facts.frames_of(*span)
    look, change_meter, num_frames = Look(), ChangeMeter(), 0
    samples, step, due = [], fps / SAMPLES_PER_SECOND, 0.0
    for image in islice(read_frames(path, first), total):
        if change_meter(image):
            look.start_again()
        if num_frames >= due:
            samples.append(look(image, (num_frames + 0.5) / fps))
            due += step
        if len(samples) == MAX_SAMPLES:
            # Half as many are still enough, and as far apart from now on.
            samples, step = samples[::2], 2.0 * step
        num_frames += 1
        if progress:
            progress("check", num_frames, total)
    if not num_frames:
        raise ValueError(f"{path} has no picture that can be read. Convert it again.")
    return Walk(
        path=Path(path),
        facts=facts,
        num_frames=num_frames,
        width=image.shape[1],
        height=image.shape[0],
        samples=samples,
        changes=np.array(change_meter.changes),
        lights=np.array(change_meter.lights),
        sound=listen(path, num_frames / fps, span[0], samples),
    )


class Look:
    """Looks at one picture after the other.

    Call arguments:
        image: uint8 RGB `(height, width, 3)`.
        seconds: When it was taken.

    Returns:
        `Sample`.
    """

    def __init__(self):
        self.tracker = FaceTracker()
        self.start_again()

    def start_again(self):
        """Forgets where face and background were: the picture jumped."""
        self.tracker.crop, self.camera = None, CameraMeter()

    def __call__(self, image, seconds):
        face = self.tracker(image)
        factor = THUMBNAIL_HEIGHT / image.shape[0]
        size = (max(1, round(image.shape[1] * factor)), THUMBNAIL_HEIGHT)
        thumbnail = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        return Sample(
            seconds=seconds,
            face=face,
            boxes=find_faces(self.tracker, image),
            picture=None if face is None else measure_picture(image, face),
            shift=np.full(2, np.nan) if face is None else self.camera(image, face),
            thumbnail=to_jpeg(thumbnail),
            portrait=to_jpeg(cut_portrait(image, face)),
        )


def cut_portrait(image, face):
    """The head, or the middle of a picture without one."""
    height, width = image.shape[:2]
    x, y, side = width / 2, height / 2, min(width, height)
    if face is not None:
        x, y, size, _ = crop_of_landmarks(face.landmarks)
        side = min(side, 1.1 * size)
    x = np.clip(x, side / 2, width - side / 2)
    y = np.clip(y, side / 2, height - side / 2)
    return cut(image, (x, y, side, 0.0), PORTRAIT_SIZE, cv2.BORDER_REPLICATE)


def to_jpeg(image):
    bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    return cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes()


def listen(path, seconds, start, samples):
    """`SoundQuality` of the video's sound, or None."""
    sound = read_sound(path, seconds, start)
    if sound is None or len(sound) < SAMPLE_RATE / 2:
        return None
    seen = [sample for sample in samples if sample.face is not None]
    gaps = measure_gaps(np.array([sample.face.landmarks for sample in seen]))
    times = np.array([sample.seconds for sample in seen])
    return measure_sound(sound, SAMPLE_RATE, gaps, times)
