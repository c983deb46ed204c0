"""Frames of a video file, whatever its format: upright and at a constant rate."""

import warnings
from itertools import islice

import cv2
import numpy as np

from keras_anchor.data.video.containers import import_av, open_video
from keras_anchor.data.video.interlacing import deinterlace
from keras_anchor.data.video.probe import probe

MAX_SIDE = 1920
# Files that do not say which YUV they hold: this high and above it is BT.709's.
UNSPECIFIED, MIN_HD_HEIGHT = 2, 720
# After so many errors in a row the rest of a damaged file is given up.
MAX_ERRORS = 100
# Reading from the middle begins at least so many seconds and frames before.
MARGIN_SECONDS, MARGIN_FRAMES = 1.0, 4
# To seek is to decode some seconds of what lies before.
SEEK_SECONDS = 8.0


def read_frames(path, start=0, max_side=MAX_SIDE):
    """Yields uint8 RGB `(height, width, 3)`, one at a time, at `probe(path).fps`.

    Frames are upright, in square pixels and deinterlaced; high dynamic range becomes
    sRGB. At each tick of the constant rate it is the frame nearest in time, so that
    footage of a variable rate stays in step with its sound. Damaged frames give way
    to their neighbours, and a warning at the end tells of them.

    Args:
        start: Number of the first frame to yield, as if those before were skipped.
        max_side: Longer side in pixels to which larger pictures are reduced.

    Raises:
        ValueError: As `probe`.
    """
    facts = probe(path)
    paint, damage = make_painter(facts, max_side), Damage()
    frames = decode_from(path, facts, start / facts.fps, damage)
    num_frames = start
    for frame in pick(frames, facts, start):
        yield paint(frame)
        num_frames += 1
    damage.warn(path, facts, num_frames)


def read_some(path, numbers):
    """Yields the frames that `read_frames` would give these ascending numbers.

    What lies between is sought over where it is long, else decoded and not painted.
    """
    facts = probe(path)
    paint = make_painter(facts, MAX_SIDE)
    numbers = [int(number) for number in numbers]
    gaps = np.diff(numbers) > SEEK_SECONDS * facts.fps
    for part in np.split(numbers, np.flatnonzero(gaps) + 1):
        start, wanted = int(part[0]), set(part.tolist())
        frames = decode_from(path, facts, start / facts.fps, Damage())
        frames = islice(pick(frames, facts, start), int(part[-1]) + 1 - start)
        for number, frame in enumerate(frames, start):
            if number in wanted:
                yield paint(frame)


def make_painter(facts, max_side):
    scale = min(1.0, max_side / max(facts.width, facts.height))
    return Painter(round(scale * facts.width), round(scale * facts.height))


class Damage:
    """Counts what cannot be decoded, to tell of it once."""

    def __init__(self):
        self.num_pieces = 0

    def warn(self, path, facts, num_frames):
        if self.num_pieces:
            warnings.warn(
                f"{path} is damaged: {self.num_pieces} of its pieces cannot be decoded "
                "and the frames beside them are repeated. Copy the file again if you "
                "have a better one.",
                stacklevel=3,
            )
        if num_frames < facts.num_frames - facts.fps:
            warnings.warn(
                f"{path} ends after {num_frames / facts.fps:.1f} s of the "
                f"{facts.seconds:.1f} s it announces. Copy the whole file again if "
                "you need the rest.",
                stacklevel=3,
            )


def decode_from(path, facts, seconds, damage):
    """Yields frames in order, the first well before `seconds` into the picture."""
    wanted = facts.start_time + seconds
    margin = max(MARGIN_SECONDS, MARGIN_FRAMES / facts.fps)
    for before in (margin, 15.0 * margin, 120.0 * margin, np.inf):
        with open_video(path) as (container, stream):
            is_inside = wanted - before > facts.start_time
            if is_inside and not seek(container, stream, wanted - before):
                continue
            frames = in_order(decode(container, stream, damage))
            if facts.is_interlaced:
                frames = deinterlace(frames, stream, facts.field_order)
            first = next(frames, None)
            # Some formats seek to a place from which only later frames can be decoded.
            if first and not (is_inside and first.time > wanted - margin / 2.0):
                yield first
                yield from frames
                return


def seek(container, stream, time):
    """Whether the file could be sought in."""
    try:
        container.seek(int(time / stream.time_base), stream=stream)
    except import_av().FFmpegError:
        return False
    return True


def decode(container, stream, damage):
    """Yields frames to the file's end and counts what is damaged."""
    av, num_errors, is_begun = import_av(), 0, False
    packets = container.demux(stream)
    while num_errors < MAX_ERRORS:
        try:
            packet = next(packets, None)
            if packet is None:
                return
            frames = packet.decode()
            num_errors = 0
        except av.EOFError:
            return
        except av.FFmpegError:
            damage.num_pieces += 1
            num_errors += 1
            packets = container.demux(stream)
            continue
        for frame in frames:
            if not frame.is_corrupt:
                is_begun = True
                yield frame
            else:
                # After a seek the first ones may lack those they are made of.
                damage.num_pieces += is_begun


def in_order(frames):
    """Makes times grow: MPEG streams tell some, and wrong guesses repeat others."""
    before = None
    for frame in frames:
        if before and (frame.pts is None or frame.pts <= before.pts):
            frame.pts = before.pts + max(1, before.duration)
        if frame.pts is not None:
            yield frame
            before = frame


def pick(frames, facts, start):
    """Yields for each tick from `start` on the frame that is nearest in time."""
    count, before = start, None
    for frame in frames:
        if before:
            middle = (before.time + frame.time) / 2.0 - facts.start_time
            while count / facts.fps <= middle:
                yield before
                count += 1
        before = frame
    if before is None:
        return
    lasts = float(before.duration * before.time_base) or 1.0 / facts.fps
    end = before.time + lasts - facts.start_time
    while count + 0.5 < end * facts.fps:
        yield before
        count += 1


class Painter:
    """Makes upright uint8 RGB `(height, width, 3)` of decoded frames."""

    def __init__(self, width, height):
        av = import_av()
        self.width, self.height = width, height
        self.colours = av.video.reformatter
        self.scaler = self.colours.VideoReformatter()
        self.painter = self.colours.VideoReformatter()
        self.matrix = None

    def __call__(self, frame):
        if self.matrix is None:
            self.matrix = display_matrix(frame)
        picture = self.paint(frame)
        (right_x, right_y), (down_x, down_y) = self.matrix
        if abs(right_y) > abs(right_x):
            picture = cv2.transpose(picture)
            right_x, down_y = down_x, right_y
        if right_x < 0:
            picture = cv2.flip(picture, 1)
        if down_y < 0:
            picture = cv2.flip(picture, 0)
        return picture

    def paint(self, frame):
        """RGB of the size wanted, not yet turned."""
        (right_x, right_y), _ = self.matrix
        options = {"width": self.width, "height": self.height, "interpolation": "AREA"}
        if abs(right_y) > abs(right_x):
            options["width"], options["height"] = self.height, self.width
        if frame.colorspace == UNSPECIFIED and frame.height >= MIN_HD_HEIGHT:
            options["src_colorspace"] = self.colours.Colorspace.ITU709
        transfer = self.colours.ColorTrc
        if frame.color_trc in (transfer.SMPTE2084, transfer.ARIB_STD_B67):
            # Tone mapping is slow: after scaling there are fewer pixels to map.
            frame = self.scaler.reformat(frame, **options)
            options["dst_color_trc"] = transfer.IEC61966_2_1
            options["dst_color_primaries"] = self.colours.ColorPrimaries.BT709
        return self.painter.reformat(frame, format="rgb24", **options).to_ndarray()


def display_matrix(frame):
    """Where the file's note on display sends a step to the right, and one down."""
    matrix = frame.side_data.get("DISPLAYMATRIX")
    matrix = np.eye(3) if matrix is None else np.frombuffer(matrix, "<i4")
    return matrix.reshape(3, 3)[:2, :2].tolist()
