"""What a page reads off a face before the camera, which plays a rendered film."""

import shutil

import cv2
import numpy as np
import pytest
from visits import WEB_DEMO, needs_browser, run, serving, tell

from keras_anchor import controls as ctl
from keras_anchor.anchors import load_anchor
from keras_anchor.demo import build_server
from keras_anchor.frames import composite
from keras_anchor.render import Renderer, make_background

RUNTIME = WEB_DEMO / "node_modules" / "@mediapipe" / "tasks-vision" / "wasm"
pytestmark = needs_browser
FPS, SECONDS = 25, 20
# The face rests at first, as people do who look whether the camera works; at the end
# there is nobody.
REST_SECONDS, LEAVES_AT = 2.5, 17.5
BLINKS = 3.9, 5.3, 7.7, 8.4, 11.8, 14.1, 16.2
NOISE = 2.0
TRACKED = "jawOpen", "eyeBlinkLeft", "eyeBlinkRight", "headYaw"
MAX_LAG = 0.2


def make_truth():
    """Controls `(num_frames, 62)` of somebody who talks, blinks and looks around."""
    seconds = np.arange(FPS * SECONDS) / FPS
    moving = np.clip(seconds - REST_SECONDS, 0.0, None)
    syllables = np.clip(np.sin(2 * np.pi * 1.1 * moving + np.sin(moving)), 0.0, None)
    since = np.abs(seconds[:, None] - np.array(BLINKS)).min(1)
    blinks = np.clip(1.6 - since / 0.12, 0.0, 1.0)
    yaw = 0.2 * np.sin(0.9 * moving) + 0.15 * np.sin(2.3 * moving)
    controls = np.tile(ctl.NEUTRAL, (len(seconds), 1))
    controls[:, ctl.INDEX["jawOpen"]] = (0.45 + 0.3 * np.sin(0.7 * moving)) * syllables
    controls[:, ctl.INDEX["eyeBlinkLeft"]] = blinks
    controls[:, ctl.INDEX["eyeBlinkRight"]] = blinks
    controls[:, ctl.INDEX["headYaw"]] = yaw
    return controls


def write_film(path, truth):
    """The only format that a pretended camera plays, with a camera's noise."""
    renderer, rng = Renderer(), np.random.default_rng(0)
    size = renderer.anchor.size
    wall = make_background(size)
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{size} H{size} F{FPS}:1 Ip A1:1 C420jpeg\n".encode())
        for index, controls in enumerate(truth):
            is_empty = index >= LEAVES_AT * FPS
            clean = wall if is_empty else composite(renderer(controls), wall)
            noisy = clean + rng.normal(0.0, NOISE, clean.shape)
            picture = np.clip(np.rint(noisy), 0, 255).astype("uint8")
            file.write(b"FRAME\n")
            file.write(cv2.cvtColor(picture, cv2.COLOR_RGB2YUV_I420).tobytes())


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """What the page read and said, told by `e2e/watching.mjs`."""
    folder = tmp_path_factory.mktemp("watching")
    film, page, anchor = folder / "film.y4m", folder / "page", load_anchor()
    write_film(film, make_truth())
    run(
        "npx",
        "vite",
        "build",
        "--config",
        "e2e/watching/vite.config.mjs",
        "--outDir",
        page,
    )
    (page / "mediapipe").mkdir()
    for path in RUNTIME.glob("vision_wasm_module_internal.*"):
        shutil.copy(path, page / "mediapipe")
    server = build_server(anchor, host="127.0.0.1", port=0, page_folder=page)
    with serving(server) as address:
        return tell("watching.mjs", address, film, str(SECONDS + 1))


@pytest.fixture(scope="module")
def aligned(seen):
    """`{name: (true, read)}` at the times when somebody was there, and the lags.

    The camera plays the film over and over: where it began is where blinks fit best.
    """
    truth = ctl.mirror(make_truth())
    times = np.array([seconds for seconds, _ in seen["rows"]])
    times -= times[0]
    frames = np.arange(len(truth)) / FPS

    def true_at(name, phase):
        values = truth[:, ctl.INDEX[name]]
        return np.interp(times + phase, frames, values, period=SECONDS)

    def fit(name, phases):
        read = np.array([values[name] for _, values in seen["rows"]])

        def agree(phase):
            is_there = (times + phase) % SECONDS < LEAVES_AT - 0.2
            true = true_at(name, phase)[is_there]
            return np.corrcoef(true, read[is_there])[0, 1], phase, true, read[is_there]

        return max((agree(phase) for phase in phases), key=lambda found: found[0])

    _, start, *_ = fit("eyeBlinkLeft", np.arange(0.0, SECONDS, 0.02))
    near = start + np.arange(-MAX_LAG, MAX_LAG, 0.01)
    return {name: fit(name, near) for name in TRACKED}, start


@pytest.mark.parametrize("name", TRACKED)
def test_the_page_reads_what_the_face_does(aligned, name):
    correlation, phase, *_ = aligned[0][name]
    print(f"{name}: {correlation:.3f}, {phase - aligned[1]:+.2f} s from the blinks")
    assert correlation >= 0.85


def test_a_head_turns_as_far_as_the_one_in_the_mirror(aligned):
    _, _, true, read = aligned[0]["headYaw"]
    assert 0.7 < np.polyfit(true, read, 1)[0] < 1.2


def test_a_blink_shuts_the_eyes_and_shut_lips_meet(aligned):
    _, _, shut, read = aligned[0]["eyeBlinkLeft"]
    assert read[shut > 0.98].max() > 0.95
    assert np.median(read[shut < 0.01]) < 0.05
    _, _, opened, read = aligned[0]["jawOpen"]
    assert np.median(read[opened < 0.01]) < 0.02
    assert read.max() > 0.4


def test_a_face_at_rest_does_not_tremble(seen, aligned):
    times = np.array([seconds for seconds, _ in seen["rows"]])
    times = (times - times[0] + aligned[1]) % SECONDS
    is_still = (times > 0.5) & (times < REST_SECONDS - 0.5)
    assert is_still.sum() > 20
    for name in TRACKED:
        read = np.array([values[name] for _, values in seen["rows"]])
        assert read[is_still].std() < 0.01, name


def test_whoever_leaves_is_let_go_to_neutral(seen):
    seconds = np.array([seconds for seconds, _ in seen["rows"]])
    gap = np.diff(seconds).argmax()
    assert np.diff(seconds)[gap] > 0.5
    assert seen["rows"][gap][1] == dict.fromkeys(seen["rows"][gap][1], 0.0)
    assert "searching" in seen["states"][2:]


def test_a_face_at_rest_is_learned_once(seen):
    assert seen["states"][:4] == ["starting", "searching", "calibrating", "watching"]
    assert 0.0 <= seen["rest"]["scores"]["eyeSquintLeft"] <= 0.7
    assert seen["again"]["failure"] is None
    assert "calibrating" not in seen["again"]["states"]


def test_refused_and_lost_cameras_have_sentences(seen):
    assert "Allow it" in seen["refusal"]
    assert seen["unplugged"]["state"] == "off"
    assert not seen["unplugged"]["isLive"]
    assert "Plug it in" in seen["unplugged"]["errors"][0]


def test_a_missing_runtime_has_a_sentence(seen):
    assert "The face tracker does not run" in seen["missing"]
    assert "`mediapipe`" in seen["missing"]


def test_nothing_leaves_the_page(seen):
    assert "Refused to reach" in seen["leak"]
    addresses = {url.split("/")[2] for url in seen["requests"] if url[:4] == "http"}
    assert len({address.split(":")[0] for address in addresses}) == 1


def test_pictures_are_looked_at_and_the_browser_has_no_complaints(seen):
    print(f"{seen['pictures']:.1f} pictures/s, {seen['milliseconds']:.1f} ms each")
    assert seen["complaints"] == []
    assert seen["pictures"] > 0
