"""Video files made for tests: a wall, a tone, a presenter whose truth is known."""

import numpy as np
import pytest
from drawings import draw_presenter

from keras_anchor import controls as ctl
from keras_anchor.frames import composite

FPS = 10


def write_video(path, frames, fps=FPS, seconds_of_sound=0.0):
    """An H.264 file of uint8 RGB frames, with a tone if asked for."""
    av = pytest.importorskip("av")
    with av.open(str(path), "w") as container:
        picture = container.add_stream("libx264", rate=fps, options={"crf": "12"})
        picture.pix_fmt = "yuv420p"
        sound = None
        if seconds_of_sound:
            sound = container.add_stream("aac", rate=44100)
            sound.layout = "mono"
        for index, frame in enumerate(frames):
            if index == 0:
                picture.height, picture.width = frame.shape[:2]
            video_frame = av.VideoFrame.from_ndarray(frame, format="rgb24")
            container.mux(picture.encode(video_frame))
        container.mux(picture.encode())
        if sound:
            write_tone(container, sound, seconds_of_sound)
    return path


def write_tone(container, stream, seconds):
    import av

    samples = 0.5 * np.sin(np.arange(round(44100 * seconds)) * 2 * np.pi * 440 / 44100)
    frame = av.AudioFrame.from_ndarray(
        samples[None].astype("float32"), format="fltp", layout="mono"
    )
    frame.sample_rate = 44100
    container.mux(stream.encode(frame))
    container.mux(stream.encode())


def drawn_controls(num_frames=24):
    """A performance whose truth is known: the head turns while the jaw opens twice."""
    phase = np.linspace(0, 4 * np.pi, num_frames)
    controls = np.tile(ctl.NEUTRAL, (num_frames, 1))
    controls[:, ctl.INDEX["headYaw"]] = 0.2 * np.sin(phase / 2)
    controls[:, ctl.INDEX["jawOpen"]] = 0.35 * (1 - np.cos(phase))
    return controls


def draw_video(path):
    """A presenter's film of `drawn_controls`, two frames of which show a wall."""
    pictures = draw_presenter(drawn_controls(), size=192)
    frames = [composite(picture, (60, 90, 120)) for picture in pictures]
    frames[10][:] = frames[11][:] = 128
    return write_video(path, frames, seconds_of_sound=3.0)
