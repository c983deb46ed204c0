"""The built page in a real browser: what it shows, records, and who can use it."""

import re
import wave
from pathlib import Path

import numpy as np
import pytest
from visits import build_plain_server, needs_page, over_grey, serving, tell

from keras_anchor import controls as ctl
from keras_anchor.demo import PAGE_FOLDER, build_server, write_site
from keras_anchor.render import Renderer

pytestmark = needs_page
# WebM's element AlphaMode, set to 1.
ALPHA_MODE = b"\x53\xc0\x81\x01"


@pytest.fixture(scope="module")
def visit(tiny_anchor):
    """What a viewer saw and did on the page, told by `e2e/page.mjs`."""
    with serving(build_server(tiny_anchor, host="127.0.0.1", port=0)) as address:
        return tell("page.mjs", address)


@pytest.fixture(scope="module")
def address():
    """Of the page with the package's own anchor, whose surroundings are transparent."""
    with serving(build_server(host="127.0.0.1", port=0)) as address:
        yield address


@pytest.fixture(scope="module")
def manners(address):
    """What other senses, screens, tongues and networks met, by `e2e/manners.mjs`."""
    return tell("manners.mjs", address, PAGE_FOLDER / "index.html")


@pytest.fixture(scope="module")
def output(address, tmp_path_factory):
    """What a viewer took away, by `e2e/output.mjs`."""
    folder = tmp_path_factory.mktemp("output")
    times = np.arange(4 * 16000) / 16000
    with wave.open(str(folder / "tone.wav"), "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", ""))
        tone = np.sin(2 * np.pi * 440 * times)
        file.writeframes((12000 * tone).astype("<i2").tobytes())
    return tell("output.mjs", address, folder, folder / "tone.wav")


@pytest.mark.parametrize("moment", ["at_rest", "moved", "exact"])
def test_the_page_shows_what_python_renders(visit, tiny_anchor, moment):
    renderer = Renderer(tiny_anchor)
    size = renderer.anchor.size
    shown = np.reshape(visit[moment]["pixels"], (size, size, 4))
    expected = renderer(ctl.pack(visit[moment]["controls"]))
    assert np.abs(over_grey(shown) - over_grey(expected)).mean() < 2


def test_sliders_move_what_is_shown(visit):
    before, after = (np.array(visit[key]["pixels"]) for key in ("at_rest", "moved"))
    controls = [visit[key]["controls"] for key in ("at_rest", "moved")]
    assert sum(controls[0][name] != controls[1][name] for name in ctl.NAMES) >= 2
    assert (before != after).mean() > 0.01


def test_an_expression_is_shown(visit):
    expected = ctl.pack(ctl.EXPRESSIONS[visit["expression"]["name"]])
    np.testing.assert_allclose(
        ctl.pack(visit["expression"]["controls"]), expected, atol=1e-6
    )


def test_idle_breathes_and_turns_the_head(visit):
    assert {"breath", "headYaw"} <= set(visit["idle_moves"])


def test_the_corner_says_how_fast_and_where(visit):
    assert "frames/s · TF.js wasm" in visit["corner"]
    assert "95 %" in visit["latency"]


def test_a_missing_anchor_is_a_plain_sentence_with_ways_on(visit):
    assert "anchor.json" in visit["failure"]
    assert visit["ways"][0] == "Try again"
    assert "litert" in visit["ways"]


@pytest.mark.parametrize("told", ["visit", "manners", "output"])
def test_the_browser_has_no_complaints(told, request):
    assert request.getfixturevalue(told)["errors"] == []


def test_axe_finds_nothing_on_any_tab(manners):
    assert manners["axe"] == []


def test_the_page_works_by_keyboard_alone_and_letters_can_be_typed(manners):
    keys = manners["keys"]
    focused = [keys[moment] for moment in ("first", "second", "last")]
    assert focused == ["skip", "tab-mirror", "tab-record"]
    assert keys["isShown"]
    assert keys["isClosed"]
    assert keys["idle"] == "Idle life is on."
    assert keys["typed"] == "1 2 ? c"


def test_a_small_phone_needs_no_sideways_scrolling_and_no_thin_fingers(manners):
    assert {tab: found["width"] for tab, found in manners["small"].items()} == (
        dict.fromkeys(manners["small"], 360)
    )
    assert [found["small"] for found in manners["small"].values()] == [[]] * 6


def test_the_language_is_the_viewers_and_stays_chosen(manners):
    assert manners["languages"] == [
        ["zh-Hans", "说话"],
        ["en", "Speak"],
        ["en", "Speak"],
    ]


def test_chinese_viewers_read_chinese_on_sliders_and_in_failures(manners):
    chinese = manners["chinese"]
    assert chinese["labels"]
    for language, label in chinese["labels"]:
        assert language == "zh-Hans"
        assert re.fullmatch(r"[\u4e00-\u9fff]+(（[左右]）)?", label)
    assert re.search(r"：[^a-zA-Z]+$", chinese["title"])
    language, sentence = chinese["refused"]
    assert language == "zh-Hans"
    assert sentence.startswith("没有找到摄像头。")


def test_a_failure_is_said_again_in_the_language_that_is_chosen(manners):
    chinese, english = manners["failed"]
    assert chinese.startswith("没有名为 cuda 的渲染方式。")
    assert english.startswith("Unknown backend cuda. Known: ")


def test_obs_sees_the_anchor_and_its_mark_alone(manners):
    obs = manners["obs"]
    assert obs["isWhole"]
    assert obs["corner"] == [0, 0, 0, 0]
    assert [obs["panel"], obs["mark"], obs["without"]] == [False, True, False]


def test_the_page_comes_back_offline_with_threads(manners):
    assert manners["offline"] == {"name": "adam", "is_isolated": True}


def test_a_page_opened_as_a_file_says_how_to_serve_it(manners):
    assert "keras-anchor demo" in manners["file"]


def test_a_camera_that_is_not_there_is_a_sentence(manners):
    assert "camera" in manners["refused"]["sentence"].lower()
    assert manners["refused"]["button"] == "Turn the camera on"


def test_a_film_keeps_transparency_and_sound(output):
    av = pytest.importorskip("av")
    path = output["film"]["path"]
    assert ALPHA_MODE in Path(path).read_bytes()
    with av.open(path) as film:
        # In microseconds; browsers record without saying.
        assert film.duration > 2e6
        frames = [frame.to_ndarray().ravel() for frame in film.decode(audio=0)]
    sound = np.concatenate(frames)
    assert np.abs(sound).max() > 0.1
    decoder = av.codec.Codec("libvpx", "r").create()
    with av.open(path) as film:
        packets = [one for one in film.demux(film.streams.video[0]) if one.size]
    shown = [frame for one in packets for frame in decoder.decode(one)]
    alpha = shown[-1].to_ndarray(format="rgba")[..., 3]
    height, width = alpha.shape
    assert alpha[height // 2, width - 2] < 16
    assert alpha[height // 2, width // 2] > 240


def test_a_picture_keeps_transparency_and_is_marked_unless_told_otherwise(output):
    from PIL import Image

    marked, bare = (
        np.asarray(Image.open(output[name]["path"])) for name in ("picture", "bare")
    )
    height, width = bare.shape[:2]
    assert bare.shape[-1] == 4
    corner = slice(height // 30, height // 12), slice(width // 20, width // 6)
    assert (marked[corner][..., 3] > 100).mean() > 0.9
    assert (bare[corner][..., 3] > 100).mean() < 0.1


def test_the_recording_warns_of_its_memory_and_tells_of_alpha(output):
    assert "MB a minute" in output["note"]
    assert "transparent, and so will the film be" in output["note"]


def test_a_copied_performance_is_one_that_python_reads(output, tmp_path):
    from keras_anchor.performance import read_performance

    path = tmp_path / "copied.csv"
    path.write_text(output["csv"], encoding="utf-8")
    performance = read_performance(path)
    assert performance.seconds == pytest.approx(1, abs=0.1)
    assert np.ptp(performance.controls[:, ctl.INDEX["breath"]]) > 0


def test_dropped_files_are_told_apart(output):
    assert output["text"] == "Rain tomorrow. 明天有雨。"
    kinds = ["no kind that works", "named like a sound", "unknown controls jaw", "zip"]
    for sentence, part in zip(output["wrong"], kinds, strict=True):
        assert part in sentence
    assert output["is_there"]


def test_a_server_without_headers_gets_threads_from_the_service_worker(
    tiny_anchor, tmp_path
):
    write_site(tiny_anchor, tmp_path / "site")
    with serving(build_plain_server(tmp_path / "site")) as address:
        told = tell("static.mjs", address)
    assert told["is_isolated"]
    assert "thread" in told["rate"]
    assert told["errors"] == []
