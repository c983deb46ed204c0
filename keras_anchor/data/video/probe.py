"""What a video file holds, found from its headers and a few of its pictures."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from keras_anchor.data.video.containers import find_sound, import_av, open_video
from keras_anchor.data.video.interlacing import find_field_order

MIN_SECONDS = 2.0
MIN_FPS, MAX_FPS, MAX_READ_FPS = 1.0, 240.0, 60.0
# A file is looked at in a few places: so many packets' times, so many pictures.
PLACES, NUM_PACKETS, NUM_PICTURES = (0.0, 0.35, 0.7), 120, 8
# Packets come in the order of decoding: the latest times may lack earlier ones.
REORDERED = 16
COMMON_RATES = [Fraction(1000 * rate, 1001) for rate in (24, 30, 60, 120, 240)]
COMMON_RATES += [Fraction(rate) for rate in range(1, 241)]
# Lost frames, and times guessed in MPEG streams, make no variable rate: more do.
MAX_OFF_BEAT = 0.1
# Grey is a picture whose 99th percentile of max(RGB) - min(RGB) is below this.
MIN_COLOUR = 12


@dataclass(frozen=True)
class VideoFacts:
    """What a video file holds.

    Args:
        width, height: Of the upright picture in square pixels, before `read_frames`
            makes it smaller.
        rotation: Clockwise turn in degrees that makes the picture upright.
        fps: The constant rate at which `read_frames` yields, at most 60.
        seconds: How long the picture lasts.
        num_frames: How many frames `read_frames` yields from an undamaged file.
        start_time: When the first picture is shown on the file's own clock, seconds.
        codec: Of the picture, as FFmpeg calls it.
        has_sound: Whether there is sound that can be decoded.
        is_variable: Whether frames come at a variable rate.
        is_grey: Whether there is no colour.
        field_order: Which field of an interlaced picture comes first, "tff" or "bff";
            "" for a progressive one.
    """

    width: int
    height: int
    rotation: int
    fps: float
    seconds: float
    num_frames: int
    start_time: float
    codec: str
    has_sound: bool
    is_variable: bool
    is_grey: bool
    field_order: str

    def frames_of(self, start=0.0, seconds=None):
        """First frame of a part of the video, and how many follow.

        Args:
            start: Second at which the part starts.
            seconds: How long it is, at most; None to the end.

        Raises:
            ValueError: If it starts behind the video's end.
        """
        first = round(start * self.fps)
        if first >= self.num_frames:
            raise ValueError(
                f"Expected a start before the end of the video, {self.seconds:.1f} s, "
                f"received {start:g} s."
            )
        total = max(0, self.num_frames - first)
        if seconds is not None:
            total = min(total, round(seconds * self.fps))
        return first, total

    @property
    def is_interlaced(self):
        return bool(self.field_order)


def probe(path):
    """The `VideoFacts` of a file, without reading all of it.

    Raises:
        ValueError: If the file is missing, empty, no video, protected, without a
            picture or frames, under 2 seconds, or its rate is not 1 to 240.
    """
    with open_video(path) as (container, stream):
        times, pictures = look(container, stream)
        if not pictures:
            raise ValueError(
                f"{path} has no frame that can be decoded. Record or download it "
                "again; a film that was bought or rented is protected and cannot be "
                "used."
            )
        if not times:
            raise ValueError(
                f"{path} does not say when its frames are shown. Give it times, for "
                f"instance with `ffmpeg -r 25 -i {Path(path).name} -c copy out.mp4`."
            )
        rate, is_variable = measure_rate(times, stream)
        fps = float(rate)
        if not MIN_FPS <= fps <= MAX_FPS:
            raise ValueError(
                f"{path} has {fps:.3g} frames a second. Expected 1 to 240. Convert "
                "it, for instance with `ffmpeg -i in.mp4 -r 25 out.mp4`."
            )
        while fps > MAX_READ_FPS:
            fps /= 2.0
        start_time = min(min(place) for place in times)
        seconds = find_end(container, stream, float(rate)) - start_time
        if seconds < MIN_SECONDS:
            raise ValueError(
                f"{path} lasts {seconds:.1f} s. Expected at least {MIN_SECONDS:g} s, "
                "better one minute or more."
            )
        first = pictures[0][0]
        rotation = round(-first.rotation / 90) * 90 % 360
        width = round(first.width * float(stream.sample_aspect_ratio or 1))
        height = first.height
        if rotation in (90, 270):
            width, height = height, width
        return VideoFacts(
            width=width,
            height=height,
            rotation=rotation,
            fps=fps,
            seconds=seconds,
            num_frames=max(1, round(seconds * fps)),
            start_time=start_time,
            codec=stream.codec_context.name,
            has_sound=find_sound(container) is not None,
            is_variable=is_variable,
            is_grey=all(is_grey(place[0]) for place in pictures),
            field_order=find_field_order(pictures, stream),
        )


def look(container, stream):
    """Times of packets in seconds and decoded pictures, a list of each for a place."""
    times, pictures = [], []
    for share in PLACES:
        if share and not jump(container, stream, share):
            break
        seen, decoded, is_end = look_here(container, stream, times)
        if seen:
            times.append(seen)
        if decoded:
            pictures.append(decoded)
        if is_end and not share:
            break
    return times, pictures


def look_here(container, stream, times):
    """The next packets' times, pictures, and whether the file's end was reached.

    Seeking may lead back to a place whose times were seen, where nothing is new.
    """
    av = import_av()
    seen, decoded = [], []
    try:
        for packet in container.demux(stream):
            if packet.size == 0:
                decoded += decode(packet)
                return sorted(seen), decoded[:NUM_PICTURES], True
            if packet.pts is not None and not packet.is_discard:
                seen.append(float(packet.pts * stream.time_base))
            if times and seen and seen[0] <= times[-1][-1]:
                return [], [], False
            if len(decoded) < NUM_PICTURES:
                decoded += decode(packet)
            elif len(seen) >= NUM_PACKETS:
                break
    except av.FFmpegError:
        return sorted(seen), decoded[:NUM_PICTURES], True
    return sorted(seen)[:-REORDERED], decoded[:NUM_PICTURES], False


def decode(packet):
    """The frames that a packet completes; none where it is damaged or encrypted."""
    if packet.has_sidedata("encryption_info"):
        return []
    try:
        return [frame for frame in packet.decode() if not frame.is_corrupt]
    except import_av().FFmpegError:
        return []


def jump(container, stream, share, seconds=0.0):
    """Seeks to a share of the file and `seconds` on; tells whether that is possible."""
    av = import_av()
    if container.duration is None:
        return False
    time = ((container.start_time or 0) + share * container.duration) / av.time_base
    try:
        container.seek(int((time + seconds) / stream.time_base), stream=stream)
    except av.FFmpegError:
        return False
    return True


def measure_rate(times, stream):
    """Frames a second as a `Fraction`, and whether they come at a variable rate."""
    gaps = np.concatenate([np.diff(place) for place in times] or [[]])
    gaps = gaps[gaps > 0]
    if not len(gaps):
        return stream.average_rate or Fraction(25), False
    middle, tick = np.median(gaps), float(stream.time_base)
    usual = gaps[np.abs(gaps - middle) < 0.25 * middle + tick]
    rate = Fraction(1.0 / usual.mean()).limit_denominator(1001)
    rounding = max(0.15 * middle, 0.002, 1.01 * tick)
    is_variable = bool(np.mean(np.abs(gaps - middle) > rounding) > MAX_OFF_BEAT)
    if stream.average_rate and abs(stream.average_rate / rate - 1) < 0.005:
        rate = stream.average_rate
    nearest = min(COMMON_RATES, key=lambda common: abs(common - rate))
    error = 0.02 if is_variable else 0.0005 + tick / usual.sum()
    return nearest if abs(nearest / rate - 1) < error else rate, is_variable


def find_end(container, stream, fps):
    """When the last picture ends on the file's own clock, in seconds.

    What the file announces and what its last packets say, whichever is later: it may
    have been cut off, or have no index.
    """
    end = 0.0
    if stream.duration:
        end = float(((stream.start_time or 0) + stream.duration) * stream.time_base)
    # In MPEG streams the first times after a seek are guessed: begin well before.
    if not jump(container, stream, 1.0, seconds=-2.0):
        container.seek(0)
    try:
        for packet in container.demux(stream):
            if packet.pts is not None:
                lasts = packet.duration * stream.time_base or 1.0 / fps
                end = max(end, float(packet.pts * stream.time_base + lasts))
    except import_av().FFmpegError:
        pass  # What can be read of a damaged file counts.
    return end


def is_grey(frame):
    """Whether a frame has no colour anywhere."""
    picture = frame.reformat(width=64, height=64, format="rgb24", interpolation="AREA")
    picture = picture.to_ndarray()
    return np.percentile(np.ptp(picture, axis=-1), 99) < MIN_COLOUR
