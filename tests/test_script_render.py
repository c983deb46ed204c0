import csv
import json
import re
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from keras_anchor import controls as ctl
from keras_anchor.script.folder import FolderError, render_folder
from keras_anchor.script.lock import locked
from keras_anchor.script.parse import ScriptError
from keras_anchor.script.render import render_script

av = pytest.importorskip("av")
pytest.importorskip("espeakng_loader")

# Few, so that tests are quick.
FPS = 5
TEXT = "# One\nHello.\n\nHello.\n\n# Two\n[mood sad] Good night."


@pytest.fixture
def script(tmp_path):
    path = tmp_path / "news.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def parts_of(film):
    """The parts' modification times by name."""
    folder = film.with_name(f".{film.name}.parts")
    return {p.name: p.stat().st_mtime_ns for p in folder.iterdir() if p.suffix}


def count_parts(film):
    return len([name for name in parts_of(film) if name.endswith(".json")])


def read_sound(path):
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
    return np.concatenate(frames)


def test_a_script_becomes_a_film_with_chapters_captions_and_its_performance(
    script, tmp_path
):
    film, table = tmp_path / "film.mp4", tmp_path / "film.csv"
    result = render_script(
        script, film, fps=FPS, captions=("srt", "vtt"), performance=table
    )
    assert result == film
    with av.open(str(film)) as container:
        chapters = [
            (chapter["start"] / 1000, chapter["metadata"]["title"])
            for chapter in container.chapters()
        ]
        seconds = container.duration / av.time_base
        num_frames = container.streams.video[0].frames
        size = container.streams.video[0].codec_context.width
    assert size == 256
    assert [title for _, title in chapters] == ["One", "Two"]
    assert chapters[0][0] == 0.0
    assert seconds == pytest.approx(num_frames / FPS, abs=1e-3)
    with table.open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["seconds", *ctl.NAMES]
    assert len(rows) == num_frames + 1
    assert float(rows[-1][0]) == pytest.approx((num_frames - 1) / FPS)
    captions = (tmp_path / "film.srt").read_text(encoding="utf-8")
    assert re.findall("[A-Z].*", captions) == ["Hello.", "Hello.", "Good night."]
    assert (tmp_path / "film.vtt").read_text(encoding="utf-8").startswith("WEBVTT")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".film.mp4.parts",
        "film.csv",
        "film.mp4",
        "film.srt",
        "film.vtt",
        "news.txt",
    ]


def test_captions_are_heard_when_they_are_seen(script, tmp_path):
    film = render_script(script, tmp_path / "film.mp4", fps=FPS, captions=("srt",))
    text = (tmp_path / "film.srt").read_text(encoding="utf-8")
    stamps = re.findall(r"(\d\d):(\d\d):(\d\d),(\d{3}) -->", text)
    starts = [int(s) + int(ms) / 1000 for _, _, s, ms in stamps]
    loud = np.abs(read_sound(film)) > 0.01
    onsets = np.flatnonzero(loud) / 48_000
    onsets = onsets[np.diff(onsets, prepend=-1.0) > 0.5]
    np.testing.assert_allclose(starts, onsets, atol=0.06)


def test_the_same_again_renders_nothing(script, tmp_path):
    film = tmp_path / "film.mp4"
    render_script(script, film, fps=FPS)
    before, data = parts_of(film), film.read_bytes()
    render_script(script, film, fps=FPS)
    assert parts_of(film) == before
    assert film.read_bytes() == data


def test_changing_one_paragraph_renders_that_paragraph_only(script, tmp_path):
    film = tmp_path / "film.mp4"
    render_script(script, film, fps=FPS)
    before = parts_of(film)
    script.write_text("First.\n\n" + TEXT.replace("night", "day"), encoding="utf-8")
    render_script(script, film, fps=FPS)
    after = parts_of(film)
    kept = {name for name in before if after.get(name) == before[name]}
    assert len(kept) == 2 * 4
    assert count_parts(film) == 4
    assert len(after) == 4 * 4


def test_the_same_paragraph_twice_moves_differently(script, tmp_path):
    film = tmp_path / "film.mp4"
    render_script(script, film, fps=FPS)
    folder = tmp_path / ".film.mp4.parts"
    tracks = [np.load(path) for path in folder.glob("*.npy")]
    assert len(tracks) == 3
    assert not any(np.array_equal(tracks[0], track) for track in tracks[1:])


def test_the_anchor_moves_the_same_in_every_format(script, tmp_path):
    tracks = []
    for name, settings in {"a": {}, "b": {"background": "#102030"}}.items():
        script.write_text("Good evening.\n\nGood night.")
        table = tmp_path / f"{name}.csv"
        render_script(
            script, tmp_path / f"{name}.mp4", fps=FPS, performance=table, **settings
        )
        tracks.append(np.loadtxt(table, delimiter=",", skiprows=1)[:, 1:])
    blink = ctl.INDEX["eyeBlinkLeft"]
    np.testing.assert_allclose(*(track[:5, blink] for track in tracks), atol=0.02)


def test_paragraphs_meet_in_one_pose(tmp_path):
    script, film, table = (tmp_path / f"film.{name}" for name in ("txt", "mp4", "csv"))
    script.write_text("Hello. [mood friendly]\n\n[mood sad] Hello.\n\nGood night.")
    render_script(script, film, fps=10, performance=table)
    controls = np.loadtxt(table, delimiter=",", skiprows=1)[:, 1:]
    starts = set()
    for path in (tmp_path / ".film.mp4.parts").glob("*.npy"):
        first = np.abs(controls - np.load(path)[0]).max(1) < 1e-3
        starts.update(np.flatnonzero(first & np.roll(first, 1)).tolist())
    steps = np.abs(np.diff(controls, axis=0)).max(1)
    borders = sorted(starts - {0})
    assert len(borders) >= 2
    assert steps[np.subtract(borders, 1)].max() < 1e-3
    assert np.abs(controls[borders[0]] - controls[borders[1]]).max() > 0.1


@pytest.mark.parametrize(
    "signal_name", ["SIGKILL", pytest.param("SIGINT", marks=pytest.mark.slow)]
)
def test_a_render_that_was_stopped_goes_on(tmp_path, signal_name):
    script, film = tmp_path / "long.txt", tmp_path / "film.mp4"
    script.write_text("\n\n".join(f"Number {n}." for n in range(40)))
    code = (
        "from keras_anchor.script.render import render_script;"
        f"render_script({str(script)!r}, {str(film)!r}, fps={FPS})"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL)
    folder = tmp_path / ".film.mp4.parts"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and len(list(folder.glob("*.json"))) < 1:
        time.sleep(0.02)
    process.send_signal(getattr(signal, signal_name))
    assert process.wait(60) != 0
    assert not film.exists()
    before = {path: path.stat().st_mtime_ns for path in folder.glob("*.json")}
    assert 1 <= len(before) < 40
    render_script(script, film, fps=FPS)
    assert all(path.stat().st_mtime_ns == when for path, when in before.items())
    assert count_parts(film) == 40
    assert not list(folder.glob("part-*"))


def test_two_renders_into_one_film_do_not_mix(script, tmp_path):
    with (
        locked(tmp_path / ".film.mp4.parts"),
        pytest.raises(
            ValueError, match="Another process renders into .*film.mp4.parts"
        ),
    ):
        render_script(script, tmp_path / "film.mp4", fps=FPS)
    render_script(script, tmp_path / "film.mp4", fps=FPS)


def test_a_full_disk_leaves_the_old_film_and_no_half_part(script, tmp_path, full_disk):
    film = tmp_path / "film.mp4"
    film.write_bytes(b"old")
    with full_disk(20_000), pytest.raises(OSError, match="File too large|write"):
        render_script(script, film, fps=FPS)
    assert film.read_bytes() == b"old"
    folder = tmp_path / ".film.mp4.parts"
    assert not list(folder.glob("part-*"))
    assert not list(folder.glob("*.json"))
    render_script(script, film, fps=FPS)
    assert count_parts(film) == 3


def test_a_part_that_was_damaged_is_named(script, tmp_path):
    film = tmp_path / "film.mp4"
    render_script(script, film, fps=FPS)
    folder = tmp_path / ".film.mp4.parts"
    for path in folder.glob("*.json"):
        notes = json.loads(path.read_text())
        path.write_text(json.dumps(notes | {"num_frames": notes["num_frames"] + 1}))
    with pytest.raises(ValueError, match="is damaged: expected .* Remove the folder"):
        render_script(script, film, fps=FPS)


def test_an_empty_part_is_rendered_again(script, tmp_path):
    film = tmp_path / "film.mp4"
    render_script(script, film, fps=FPS)
    data = film.read_bytes()
    folder = tmp_path / ".film.mp4.parts"
    next(folder.glob("*.mp4")).unlink()
    render_script(script, film, fps=FPS)
    assert len(film.read_bytes()) == pytest.approx(len(data), rel=0.2)


def test_webm_is_written_too(tmp_path):
    script = tmp_path / "news.txt"
    script.write_text("# A\nHello.\n\nHello.")
    film = render_script(script, tmp_path / "film.webm", fps=FPS)
    with av.open(str(film)) as container:
        assert container.streams.video[0].codec_context.name == "vp9"
        assert [c["metadata"]["title"] for c in container.chapters()] == ["A"]
        times = [float(frame.time) for frame in container.decode(video=0)]
    np.testing.assert_allclose(np.diff(times), 1 / FPS, atol=2e-3)


@pytest.mark.parametrize(
    ("name", "settings", "message"),
    [
        ("film", {}, "Expected a film `.mp4` or `.webm`, received .*film'"),
        ("film.avi", {}, "Expected a film `.mp4`, `.webm`"),
        ("none/film.mp4", {}, "none is no folder. Make it first"),
        ("film.mp4", {"captions": ("ass",)}, "Unknown captions ass. Known: srt, vtt"),
        ("film.mp4", {"format": "4:3"}, "Unknown frame format '4:3'. Known: 1:1"),
        ("film.mp4", {"fps": 0}, "frames a second"),
        ("film.mp4", {"openness": 9}, "openness of the mouth from 0 to 3, received 9"),
        ("film.mp4", {"font": "no.ttf"}, "There is no font no.ttf. Expected a .ttf"),
        ("film.mp4", {"background": "no.png"}, "'no.png' to be a picture or a colour"),
        ("film.mp4", {"voice": "klingon"}, "^Unknown voice 'klingon'"),
        ("film.mp4", {"engine": "x"}, "Unknown engine 'x' of voices. Known: espeak"),
        ("film.mp4", {"performance": "none/a.csv"}, "none is no folder. Make it first"),
    ],
)
def test_wrong_arguments_are_named_before_anything_is_rendered(
    script, tmp_path, name, settings, message, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=message):
        render_script(script, tmp_path / name, **settings)
    assert not (tmp_path / name).exists()
    assert not list(tmp_path.rglob("*.parts"))


def test_faults_late_in_a_script_are_found_before_anything_is_rendered(tmp_path):
    script = tmp_path / "news.txt"
    script.write_text("Hello.\n\nПривет.", encoding="utf-8")
    with pytest.raises(ScriptError, match=r"news.txt, line 3: .*Cyrillic"):
        render_script(script, tmp_path / "film.mp4", fps=FPS)
    assert [path.name for path in tmp_path.iterdir()] == ["news.txt"]


def test_captions_that_no_font_can_show_are_found_before_anything_is_rendered(tmp_path):
    script = tmp_path / "news.txt"
    script.write_text("Hello.\n\n[voice ar] مرحبا.", encoding="utf-8")
    with pytest.raises(ScriptError, match=r"news.txt, line 3: Arabic letters"):
        render_script(script, tmp_path / "film.mp4", fps=FPS, burn_captions=True)
    assert [path.name for path in tmp_path.iterdir()] == ["news.txt"]


def test_a_picture_that_changed_is_seen(tmp_path):
    import cv2

    script, film = tmp_path / "news.txt", tmp_path / "film.mp4"
    script.write_text("[background wall.png] Hello.")
    seen = []
    for grey in (40, 200):
        wall = np.full((64, 64, 3), grey, "uint8")
        cv2.imwrite(str(tmp_path / "wall.png"), wall)
        render_script(script, film, fps=FPS)
        with av.open(str(film)) as container:
            pixels = next(container.decode(video=0)).to_ndarray(format="rgb24")
        seen.append(int(pixels[:10, :10].mean()))
    assert seen == pytest.approx([40, 200], abs=4)


@pytest.mark.filterwarnings("ignore:Left out")
def test_a_script_that_nobody_can_read_is_refused(tmp_path):
    script = tmp_path / "news.txt"
    script.write_text("Привет.", encoding="utf-8")
    with pytest.raises(ScriptError, match="has nothing to say that can be read"):
        render_script(script, tmp_path / "film.mp4", skip_unreadable=True)


def test_a_folder_is_rendered_and_bad_scripts_are_named(tmp_path):
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    for name, text in {"a": "Hello.", "b": "[sing]", "c": "", "d": "Hello."}.items():
        (scripts / f"{name}.txt").write_text(text)
    with pytest.raises(FolderError, match=r"2 of 4 scripts .*b\.txt, line.*c\.txt has"):
        render_folder(scripts, tmp_path / "films", fps=FPS, performance=True)
    films = sorted(path.name for path in (tmp_path / "films").glob("[a-z]*"))
    assert films == ["a.csv", "a.mp4", "d.csv", "d.mp4"]
    for name in "bc":
        (scripts / f"{name}.txt").unlink()
    assert render_folder(scripts, tmp_path / "films", fps=FPS) == tmp_path / "films"


def test_where_all_scripts_are_bad_no_folder_is_left(tmp_path):
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    (scripts / "a.txt").write_text("[sing]")
    with pytest.raises(FolderError, match="1 of 1 scripts"):
        render_folder(scripts, tmp_path / "films", fps=FPS)
    assert not (tmp_path / "films").exists()


def test_a_folder_of_scripts_is_no_single_film(tmp_path):
    (tmp_path / "a.txt").write_text("Hello.")
    with pytest.raises(ValueError, match=r"Expected a folder for the films of .*a.mp4"):
        render_folder(tmp_path, tmp_path / "a.mp4", fps=FPS)
    assert not (tmp_path / "a.mp4").exists()


def test_folders_without_scripts_are_refused(tmp_path):
    with pytest.raises(ValueError, match="There is no script in .*Expected files .txt"):
        render_folder(tmp_path, tmp_path / "films")
    with pytest.raises(
        ValueError, match="Expected a folder of scripts, .*none is none"
    ):
        render_folder(tmp_path / "none", tmp_path / "films")
    for suffix in ("txt", "script"):
        (tmp_path / f"a.{suffix}").write_text("Hello.")
    with pytest.raises(ValueError, match="more than one script called a, whose films"):
        render_folder(tmp_path, tmp_path / "films")
