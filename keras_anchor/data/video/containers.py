"""Opens video files, or says in a sentence what is wrong with them."""

from contextlib import contextmanager
from pathlib import Path


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


@contextmanager
def open_video(path):
    """The open container and its stream of pictures, or a sentence on what is wrong."""
    av, path = import_av(), Path(path)
    if not path.is_file():
        raise ValueError(f"There is no video file {path}.")
    if path.stat().st_size == 0:
        raise ValueError(f"{path} is empty. Record or download it again.")
    try:
        container = av.open(str(path))
    except (av.FFmpegError, UnicodeDecodeError) as error:
        # PyAV's own words begin with a number and end with the path.
        reason = error.strerror if isinstance(error, av.FFmpegError) else error
        raise ValueError(
            f"{path} is no video that can be read ({reason}). Expected a file such as "
            ".mp4, .mov or .webm; one whose recording or download was cut off lacks "
            "its index, so fetch it again."
        ) from None
    with container:
        stream = container.streams.best("video")
        attached = av.stream.Disposition.attached_pic
        if stream is None or stream.disposition & attached:
            lack = "sound but no picture" if container.streams.audio else "no picture"
            raise ValueError(f"{path} has {lack}. Expected a video.")
        if stream.codec_context is None:
            raise ValueError(
                f"{path} is protected, or its picture is in a format that cannot be "
                "decoded. Convert it to H.264 with the program that made it."
            )
        stream.thread_type = "AUTO"
        yield container, stream


def find_sound(container):
    """The first stream of sound that can be decoded, or None."""
    streams = container.streams.audio
    return next((stream for stream in streams if stream.codec_context), None)
