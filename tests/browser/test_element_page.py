"""`<virtual-anchor>` on the README's example page, in a real browser."""

import re
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
from visits import (
    WEB_DEMO,
    build_plain_server,
    needs_browser,
    over_grey,
    run,
    serving,
    tell,
)

from keras_anchor import controls as ctl
from keras_anchor.anchors import load_anchor
from keras_anchor.render import Renderer

PACKAGE = WEB_DEMO / "package"
pytestmark = [
    *needs_browser,
    pytest.mark.skipif(
        not (PACKAGE / "dist" / "index.js").exists(),
        reason="the package is not built: cd web_demo && npm run build:package",
    ),
]


@pytest.fixture(scope="module")
def anchor():
    return load_anchor()


@pytest.fixture(scope="module")
def visit(anchor, tmp_path_factory):
    """What a viewer of the README's example saw, told by `e2e/element.mjs`."""
    site = tmp_path_factory.mktemp("site")
    readme = (PACKAGE / "README.md").read_text(encoding="utf-8")
    example = re.search(r"```html\n(.*?)```", readme, re.DOTALL)[1]
    (site / "index.html").write_text(example, encoding="utf-8")
    shutil.copytree(PACKAGE / "dist", site / "node_modules" / "keras-anchor" / "dist")
    if (WEB_DEMO / "espeak" / "node_modules").exists():
        voice = site / "node_modules" / "keras-anchor" / "dist" / "espeak"
        run("node", "espeak/build.mjs", voice)
    shutil.copytree(anchor.folder, site / "folder")
    with zipfile.ZipFile(site / "adam.anchor", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(anchor.folder.rglob("*")):
            archive.write(path, Path("adam", path.relative_to(anchor.folder)))
    with serving(build_plain_server(site)) as address:
        return tell("element.mjs", address)


@pytest.mark.parametrize(
    ("controls", "pixels"), [("drawn", "pixels"), ("rendered", "rendered_pixels")]
)
def test_the_element_shows_what_python_renders(visit, anchor, controls, pixels):
    renderer = Renderer(anchor)
    size = renderer.anchor.size
    shown = np.reshape(visit["still"][pixels], (size, size, 4))
    expected = renderer(ctl.pack(visit["still"][controls]))
    assert np.abs(over_grey(shown) - over_grey(expected)).mean() < 2


def test_set_moves_the_face(visit):
    assert visit["still"]["drawn"]["headYaw"] == pytest.approx(0.3)
    assert visit["still"]["drawn"]["mouthSmileLeft"] == pytest.approx(0.7)


def test_a_performance_plays(visit):
    assert visit["lowest"] == pytest.approx(-0.2, abs=0.05)


def test_the_stream_moves_and_has_sound(visit):
    assert visit["film"]["num_pictures"] > 1
    assert sorted(visit["film"]["kinds"]) == ["audio", "video"]


def test_nothing_is_drawn_while_nothing_changes(visit):
    assert visit["still"]["rate"] == 0


def test_it_pauses_out_of_sight_and_goes_on(visit):
    scrolled = visit["scrolled"]
    assert scrolled["away"] == scrolled["hidden"] == 0
    assert scrolled["seen"] > 0
    assert scrolled["back"] > 0


def test_the_latency_is_measured(visit):
    latency = visit["still"]["latency"]
    assert 0 < latency["median"] <= latency["percentile95"]


def test_it_is_marked_and_named(visit, anchor):
    assert visit["is_marked"]
    assert visit["role"] == "img"
    assert visit["label"] == f"{anchor.name}, a synthetic person"


def test_speech_loads_when_it_is_asked_for(visit):
    later = re.compile("talking|espeak|listener|tracker|voices")
    assert not [path for path in visit["loaded"] if later.search(path)]
    assert [path for path in visit["spoken"]["requests"] if later.search(path)]


def test_without_a_voice_a_sentence_says_how_to_get_one(visit):
    assert "There is no voice here. Add one" in visit["spoken"]["status"]


@pytest.mark.skipif(
    not (WEB_DEMO / "espeak" / "node_modules").exists(),
    reason="the add-on is not installed: cd web_demo/espeak && npm ci",
)
def test_it_says_what_it_is_told_to_until_it_is_hushed(visit):
    aloud = visit["changed"]["aloud"]
    assert aloud["failure"] is None
    assert aloud["jaw"] > 0.1
    assert aloud["peak"] > 0.05
    assert aloud["seconds"] > 1
    assert aloud["is_hushed"]


def test_a_microphone_and_a_camera_move_it_and_are_let_go(visit):
    senses = visit["changed"]["senses"]
    assert senses["jaw"] > 0.02
    assert senses["fps"] > 0
    assert senses["workers"][0] == senses["workers"][1]


def test_a_missing_anchor_is_a_plain_sentence(visit):
    failure = visit["changed"]["failure"]
    assert "/nowhere/anchor.json (status 404). Name the address" in failure["told"]
    assert failure["rejection"] == failure["told"] == failure["label"]
    assert failure["anchor"] is None


def test_another_source_shows_and_names_another_anchor(visit, anchor):
    assert visit["changed"]["name"] == anchor.name
    assert visit["changed"]["label"] == f"{anchor.name}, a synthetic person"


def test_the_poster_is_seen_while_the_model_loads(visit, anchor):
    assert visit["changed"]["poster"] == anchor.size


def test_its_words_are_chinese_where_the_page_is(visit, anchor):
    chinese = visit["changed"]["chinese"]
    assert chinese["text"] == "合成"
    assert chinese["label"] == f"{anchor.name}，合成人物"
    assert chinese["shown"] == [True, False]


def test_an_element_that_is_removed_lets_everything_go(visit):
    before, after = visit["changed"]["workers"]
    assert before >= 1
    assert after == 0


def test_the_browser_has_no_complaints(visit):
    assert visit["errors"] == []
