import itertools
import json
import shutil
import subprocess
import sys
import wave
from pathlib import Path

import cv2
import numpy as np
import pytest

from keras_anchor import controls as ctl
from keras_anchor import films
from keras_anchor.anchors import hash_files, load_anchor
from keras_anchor.films import write_film
from keras_anchor.frames import composite
from keras_anchor.performance import Performance
from keras_anchor.render import Ahead, Renderer, make_background, render_film, show

av = pytest.importorskip("av")

FPS, NUM_FRAMES, SAMPLE_RATE = 25, 20, 22_050


@pytest.fixture
def performance():
    controls = np.tile(ctl.NEUTRAL, (NUM_FRAMES, 1))
    controls[:, ctl.INDEX["jawOpen"]] = np.linspace(0.0, 0.5, NUM_FRAMES)
    times = np.arange(round(NUM_FRAMES / FPS * SAMPLE_RATE)) / SAMPLE_RATE
    sound = 0.3 * np.sin(2 * np.pi * 440 * times).astype("float32")
    return Performance(controls, FPS, sound, SAMPLE_RATE)


def flat_frames(colour, num_frames=5, size=64):
    return [np.full((size, size, len(colour)), colour, "uint8")] * num_frames


def decode(path, kind="video"):
    with av.open(str(path)) as container:
        return list(container.decode(**{kind: 0}))


def test_renders_what_the_anchor_says(tiny_anchor):
    anchor = load_anchor(tiny_anchor)
    pixels = Renderer(anchor)(anchor.neutral)
    num_channels = 4 if anchor.alpha else 3
    assert pixels.shape == (anchor.size, anchor.size, num_channels)
    assert pixels.dtype == np.uint8


def test_anchor_gets_its_controls_by_name(tiny_anchor, tmp_path):
    folder = tmp_path / "backwards"
    shutil.copytree(tiny_anchor, folder)
    schema = json.loads((folder / "controls.json").read_text())
    schema["controls"].reverse()
    (folder / "controls.json").write_text(json.dumps(schema))
    info = json.loads((folder / "anchor.json").read_text())
    info["files"] = hash_files(folder)
    (folder / "anchor.json").write_text(json.dumps(info))
    controls = np.linspace(0.0, 0.2, len(ctl.NAMES))
    frame = Renderer(folder)(controls)
    np.testing.assert_array_equal(frame, Renderer(tiny_anchor)(controls[::-1]))
    assert (frame != Renderer(tiny_anchor)(controls)).any()


def test_rejects_controls_of_wrong_width(tiny_anchor):
    with pytest.raises(ValueError, match=r"shape \(62,\), received \(61,\)"):
        Renderer(tiny_anchor)(np.zeros(61))


def test_mp4_holds_every_frame_and_as_much_sound(tiny_anchor, performance, tmp_path):
    path = render_film(tiny_anchor, performance, tmp_path / "film.mp4")
    with av.open(str(path)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.codec_context.name, audio.codec_context.name) == ("h264", "aac")
        assert (video.average_rate, audio.rate) == (FPS, 48_000)
        assert video.codec_context.pix_fmt == "yuv420p"
        assert video.codec_context.colorspace == 1
        seconds = float(audio.duration * audio.time_base)
        assert seconds == pytest.approx(performance.seconds, abs=1e-4)
    assert len(decode(path)) == NUM_FRAMES


def test_index_of_an_mp4_comes_first(tmp_path):
    path = write_film(tmp_path / "film.mp4", flat_frames((90, 90, 90)), FPS)
    data = path.read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")


def test_sound_starts_with_the_picture(tmp_path):
    sound = np.zeros(SAMPLE_RATE, "float32")
    sound[SAMPLE_RATE // 2 :] = 0.5
    for suffix in (".mp4", ".webm"):
        path = write_film(
            (tmp_path / "film").with_suffix(suffix),
            flat_frames((90, 90, 90), 25),
            FPS,
            sound=sound,
            sample_rate=SAMPLE_RATE,
        )
        decoded = decode(path, "audio")
        samples = np.concatenate([frame.to_ndarray().ravel() for frame in decoded])
        first = np.flatnonzero(np.abs(samples) > 0.25)[0] / 48_000
        first += float(decoded[0].pts * decoded[0].time_base)
        assert first == pytest.approx(0.5, abs=0.004)


@pytest.mark.parametrize("suffix", [".mp4", ".webm"])
@pytest.mark.parametrize("colour", [(200, 40, 60), (30, 90, 160), (240, 240, 240)])
def test_colours_survive(suffix, colour, tmp_path):
    path = write_film((tmp_path / "film").with_suffix(suffix), flat_frames(colour), FPS)
    frame = decode(path)[2]
    pixels = frame.to_ndarray(format="rgb24", src_colorspace=1, src_color_range=1)
    np.testing.assert_allclose(pixels[32, 32], colour, atol=4)


def test_webm_keeps_alpha(tmp_path):
    frame = flat_frames((200, 120, 60, 0))[0].copy()
    frame[:, 32:, 3] = 255
    path = write_film(tmp_path / "film.webm", [frame] * 5, FPS)
    with av.open(str(path)) as container:
        decoder = av.CodecContext.create("libvpx-vp9", "r")
        packets = list(container.demux(video=0))
        shown = [f for packet in packets for f in decoder.decode(packet)][0]
    assert shown.format.name == "yuva420p"
    alpha = np.asarray(shown.planes[3]).reshape(64, -1)[:, :64]
    assert alpha[:, 8].max() < 8
    assert alpha[:, 56].min() > 247


def test_pictures_and_sound_fill_a_folder(tiny_anchor, performance, tmp_path):
    folder = render_film(tiny_anchor, performance, tmp_path / "film")
    pictures = sorted(folder.glob("*.png"))
    assert len(pictures) == NUM_FRAMES
    expected = Renderer(tiny_anchor)(performance.controls[7])
    picture = cv2.imread(str(pictures[7]), cv2.IMREAD_UNCHANGED)
    order = [2, 1, 0, 3][: expected.shape[-1]]
    np.testing.assert_array_equal(picture, expected[..., order])
    assert json.loads((folder / "film.json").read_text())["fps"] == FPS
    with wave.open(str(folder / "sound.wav")) as file:
        assert file.getnframes() == len(performance.sound)


@pytest.mark.parametrize("name", ["film.mp4", "film.webm"])
def test_film_says_that_it_is_synthetic(name, tmp_path):
    path = write_film(tmp_path / name, flat_frames((90, 90, 90)), FPS)
    with av.open(str(path)) as container:
        comments = {k.lower(): v for k, v in container.metadata.items()}
    assert comments["comment"].startswith("Synthetic: generated by keras-anchor")


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError("No space left")])
@pytest.mark.parametrize("name", ["film.mp4", "film.webm", "film"])
def test_broken_off_film_leaves_nothing(name, error, tmp_path):
    partial = []

    def draw():
        yield from flat_frames((90, 90, 90), 80)
        partial.extend(tmp_path.iterdir())
        raise error

    kind = error if isinstance(error, type) else type(error)
    with pytest.raises(kind), Ahead(draw()) as frames:
        write_film(tmp_path / name, frames, FPS)
    assert tmp_path / name not in partial
    assert partial
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["film.mp4", "film.webm", "film"])
def test_full_disk_leaves_no_film(name, tmp_path, full_disk, rng):
    frames = rng.integers(0, 255, (3, 64, 64, 3), "uint8")
    with pytest.raises(OSError, match="File too large"), full_disk(4000):
        write_film(tmp_path / name, frames, FPS)
    assert list(tmp_path.iterdir()) == []
    write_film(tmp_path / name, frames, FPS)
    assert list(tmp_path.iterdir()) == [tmp_path / name]


def test_broken_off_film_keeps_the_one_before(tmp_path):
    path = tmp_path / "film.mp4"
    path.write_bytes(b"the film before")

    def draw():
        yield from flat_frames((90, 90, 90))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_film(path, draw(), FPS)
    assert path.read_bytes() == b"the film before"


def test_drawing_stops_when_the_film_does():
    with Ahead(itertools.count()) as numbers:
        assert next(iter(numbers)) == 0
    assert not numbers.thread.is_alive()


def test_background_shows_where_nobody_stands(tiny_anchor, performance, tmp_path):
    path = tmp_path / "film.mp4"
    render_film(tiny_anchor, performance, path, background="#2050c0")
    frame = Renderer(tiny_anchor)(performance.controls[0])
    shown = decode(path)[0].to_ndarray(format="rgb24", src_colorspace=1)
    # Means, since the tiny anchor is noise, and H.264 halves the colours' resolution.
    expected = composite(frame, (0x20, 0x50, 0xC0)).mean((0, 1))
    np.testing.assert_allclose(shown.mean((0, 1)), expected, atol=6)
    assert np.abs(expected - composite(frame, (0, 0, 0)).mean((0, 1))).max() > 20


def test_studio_is_soft_and_grey_blue():
    studio = make_background(128)
    assert studio.shape == (128, 128, 3)
    red, green, blue = studio.mean((0, 1))
    assert red < green < blue < 160
    smooth = cv2.GaussianBlur(studio, (0, 0), 3)
    assert np.abs(np.diff(smooth, axis=0)).max() < 3


def test_picture_is_cropped_to_its_middle(tmp_path):
    picture = np.zeros((40, 80, 3), "uint8")
    picture[:, 20:60] = (10, 20, 30)
    cv2.imwrite(str(tmp_path / "wall.png"), picture)
    wall = make_background(16, tmp_path / "wall.png")
    np.testing.assert_allclose(wall, np.broadcast_to((30, 20, 10), (16, 16, 3)))


@pytest.mark.parametrize("background", ["nowhere.png", "blue", "empty.png", ""])
def test_rejects_background_that_is_no_picture(background, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("empty.png").touch()
    with pytest.raises(ValueError, match="a picture or a colour such as `#20304a`"):
        make_background(16, background)


def test_rejects_colour_out_of_range():
    with pytest.raises(ValueError, match="from 0 to 255"):
        make_background(16, (0, 0, 256))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("film.gif", r"Expected a film `.mp4`, `.webm`"),
        (".mp4", r"Expected a film `.mp4`, `.webm`.*received '.*/\.mp4'"),
        ("nowhere/film.mp4", "is no folder. Make it first"),
    ],
)
def test_rejects_names_before_drawing(name, message, tmp_path):
    with pytest.raises(ValueError, match=message):
        write_film(tmp_path / name, iter(()), FPS)


def test_a_film_replaces_no_folder(tmp_path):
    (tmp_path / "film.mp4").mkdir()
    with pytest.raises(ValueError, match=r"film.mp4 is there already, a folder"):
        write_film(tmp_path / "film.mp4", flat_frames((1, 2, 3)), FPS)


@pytest.mark.parametrize("name", ["film", "film.mp4"])
def test_overwrites_no_folder(name, tmp_path):
    (tmp_path / name).mkdir()
    (tmp_path / name / "thesis.txt").write_text("years of work")
    with pytest.raises(ValueError, match="is there already"):
        write_film(tmp_path / name, flat_frames((1, 2, 3)), FPS)


def test_rejects_no_frames(tmp_path):
    with pytest.raises(ValueError, match="at least one frame"):
        write_film(tmp_path / "film.mp4", [], FPS)
    assert list(tmp_path.iterdir()) == []


def test_missing_pyav_is_explained(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(
        ModuleNotFoundError, match=r'pip install "keras-anchor\[film\]"'
    ):
        films.write_film(tmp_path / "film.mp4", flat_frames((1, 2, 3)), FPS)


def test_window_needs_a_screen(tiny_anchor, performance, monkeypatch):
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux can be without a screen in this way")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with pytest.raises(OSError, match="pip uninstall opencv-python-headless|no screen"):
        show(tiny_anchor, performance)


def test_renders_without_tensorflow():
    root = Path(__file__).parents[1]
    code = (
        "import sys; sys.modules.update(tensorflow=None, keras=None);"
        "import keras_anchor.render, keras_anchor.drive.text"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=root)
