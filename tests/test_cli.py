import contextlib
import errno
import json
import os
import resource
import signal
import subprocess
import sys
import warnings
from contextlib import closing

import cv2
import numpy as np
import pytest

from keras_anchor.cli import COMMANDS, main
from keras_anchor.doctor import PACKAGES, Package, examine, missing_package
from keras_anchor.results import (
    ProgressBars,
    describe_error,
    describe_path,
    describe_seconds,
    plain_warnings,
)

FULL = os.strerror(errno.ENOSPC)
HEAVY = ("numpy", "cv2", "tensorflow", "keras", "ai_edge_litert", "av", "moderngl")
BLOCK = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == {module!r}:
            raise ModuleNotFoundError("blocked", name=name)

sys.meta_path.insert(0, Blocker())
from keras_anchor.cli import main
sys.exit(main({arguments!r}))
"""


def run_python(*arguments):
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, timeout=120
    )


def test_help_is_quick():
    """In seconds of the processor: those of the clock depend on what else runs."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = run_python("-m", "keras_anchor.cli", "--help")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert result.returncode == 0
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 1.0


def test_the_command_loads_nothing_heavy():
    result = run_python(
        "-c", "import sys, keras_anchor.cli; print(*sys.modules, sep='\\n')"
    )
    loaded = {name.partition(".")[0] for name in result.stdout.split()}
    assert "keras_anchor" in loaded
    assert not loaded & set(HEAVY)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name, capsys):
    with pytest.raises(SystemExit) as stopped:
        main([name, "--help"])
    assert stopped.value.code == 0
    assert f"keras-anchor {name}" in capsys.readouterr().out


def test_a_missing_file_is_one_line_without_traceback(capsys):
    status = main(["render", "--performance", "nowhere.csv", "-o", "film.mp4"])
    assert status == 2
    error = capsys.readouterr().err
    assert error == "keras-anchor: No such file or directory: nowhere.csv\n"


def test_debug_shows_the_traceback():
    with pytest.raises(FileNotFoundError):
        main(["render", "--performance", "nowhere.csv", "-o", "film.mp4", "--debug"])


def test_an_unknown_control_is_named(tmp_path, capsys):
    path = tmp_path / "performance.csv"
    path.write_text("jawOpen,thirdEye\n0.5,1\n")
    assert main(["render", "--performance", str(path), "-o", "film.mp4"]) == 2
    error = capsys.readouterr().err
    assert "unknown controls ['thirdEye']" in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("module", "extra", "arguments"),
    [
        ("espeakng_loader", "speech", ["say", "hello", "-o", "film.mp4"]),
        ("av", "film", ["capture", "clip.mp4", "--to", "take"]),
        ("tensorflow", "train", ["train", "take", "--to", "run"]),
    ],
)
def test_a_missing_package_names_its_pip_line(module, extra, arguments, tmp_path):
    result = run_python("-c", BLOCK.format(module=module, arguments=arguments))
    assert result.returncode == 2
    assert f'pip install "keras-anchor[{extra}]"' in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stderr.strip().count("\n") == 0


def test_every_package_has_a_pip_line():
    for package in PACKAGES:
        error = ModuleNotFoundError("missing", name=package.module + ".part")
        assert missing_package(error).endswith(package.pip_line)


def open_once_read(path, process):
    """Opens a FIFO to write as soon as `process` reads it."""
    while process.poll() is None:
        with contextlib.suppress(OSError):  # Nobody reads yet.
            return os.fdopen(os.open(path, os.O_WRONLY | os.O_NONBLOCK), "w")
    raise AssertionError(process.stderr.read())


def test_control_c_ends_with_130(tmp_path):
    path = tmp_path / "performance.csv"
    os.mkfifo(path)  # Reading it waits forever.
    process = subprocess.Popen(
        [sys.executable, "-m", "keras_anchor.cli", "render"]
        + ["--performance", str(path), "-o", str(tmp_path / "film.mp4")],
        stderr=subprocess.PIPE,
        text=True,
    )
    with open_once_read(path, process):
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=60)
    assert process.returncode == 130
    assert error == "keras-anchor: stopped.\n"
    assert not (tmp_path / "film.mp4").exists()


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (OSError(errno.ENOSPC, FULL, "film.mp4"), f"{FULL}: film.mp4"),
        (OSError(errno.ENOSPC, FULL), FULL),
        (ValueError(f"take.tfrecord;\n{FULL}"), f"take.tfrecord; {FULL}"),
    ],
)
def test_a_full_disk_is_named_with_its_remedy(error, text):
    remedy = ". Nothing half-written was kept. Make room, and repeat the command."
    assert describe_error(error) == text + remedy


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (OSError(errno.EIO, "broken"), "broken"),
        (
            ValueError("{{function_node a_/b:0}} no frames\n [Op:Next] name: "),
            "no frames",
        ),
    ],
)
def test_what_only_a_library_understands_is_left_out(error, text):
    assert describe_error(error) == text


@pytest.mark.parametrize("has_bar", [False, True])
def test_a_warning_is_one_line_said_once(has_bar, capsys):
    with closing(ProgressBars()) as progress, plain_warnings():
        if has_bar:
            progress("check", 1, 2)
        for level in (1, 2):
            warnings.warn("clip.mp4 is damaged. Copy it again.", stacklevel=level)
    lines = capsys.readouterr().err.replace("\r", "\n").split("\n")
    told = [line for line in lines if "damaged" in line]
    assert told == ["keras-anchor: clip.mp4 is damaged. Copy it again."]


def test_a_full_bar_ends_its_line(capsys):
    progress = ProgressBars()
    for count in (1, 2):
        progress("check", count, 2)
    assert capsys.readouterr().err.endswith("\n")
    progress.close()
    assert capsys.readouterr().err == ""


def test_warnings_of_libraries_keep_their_place():
    with pytest.warns(RuntimeWarning, match="overflow"), plain_warnings():
        warnings.warn("overflow", RuntimeWarning, stacklevel=1)


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf"])
def test_minutes_must_be_over_zero(text, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["train", "take", "--to", "run", f"--minutes={text}"])
    assert stopped.value.code == 2
    assert f"expected a number over 0, not {text}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            ["presenter", "adam", "--to", "take", "--frames", "3"],
            "20 to 1000000, not 3",
        ),
        (["capture", "clip.mp4", "--to", "take", "--size", "1"], "32 to 2048, not 1"),
        (["train", "take", "--to", "run", "--seed", "-1"], "0 to 2147483647, not -1"),
        (["say", "hello", "-o", "film.mp4", "--threads", "0"], "1 to 256, not 0"),
        (["demo", "--port", "99999"], "0 to 65535, not 99999"),
    ],
)
def test_numbers_have_limits(arguments, expected, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert f"expected a whole number from {expected}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["say", "Hi"], "one of the arguments -o/--output --show is required"),
        (["say", "Hi", "-o", "a.mp4", "--mouth", "0"], "expected a number over 0, not"),
        (["say", "Hi", "-o", "a.mp4", "--mouth", "wide"], "invalid number value"),
        (["live"], "one of the arguments --answers --endpoint is required"),
    ],
)
def test_a_wrong_argument_is_one_line(arguments, expected, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    error = capsys.readouterr().err
    assert error.startswith("keras-anchor: ")
    assert expected in error
    assert error.endswith(f"See `keras-anchor {arguments[0]} -h`.\n")
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        (["-o", "none/a.mp4", "--csv", "a.csv"], "none is no folder. Make it first."),
        (["-o", "a.mp4", "--csv", "none/a.csv"], "none is no folder. Make it first."),
        (["-o", "folder.mp4"], "folder.mp4 is there already, a folder. Give the film"),
    ],
)
def test_a_film_without_a_place_is_refused_before_anything_is_said(
    flags, expected, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.mp4").mkdir()
    assert main(["say", "Hi", *flags]) == 2
    assert expected in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["folder.mp4"]


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        (["--barge-in"], "`--barge-in` needs `--listen`"),
        (["--recognition", "model"], "`--recognition` needs `--listen`"),
        (["--model", "small"], "`--model` needs `--endpoint`"),
        (["--key-from", "KEY"], "`--key-from` needs `--endpoint`"),
    ],
)
def test_flags_of_a_talk_that_would_do_nothing_are_refused(flags, expected, capsys):
    assert main(["live", "--answers", "faq.md", *flags]) == 2
    assert expected in capsys.readouterr().err


def test_a_dry_run_prints_settings_and_trains_nothing(tmp_path, capsys):
    run = tmp_path / "run"
    arguments = ["train", "take", "--to", str(run), "--preset", "tiny", "--dry-run"]
    assert main([*arguments, "--minutes", "3"]) == 0
    settings = json.loads(capsys.readouterr().out)
    assert settings["minutes"] == 3.0
    assert settings["preset"] == "tiny"
    assert settings["size"] == 64
    assert not run.exists()


@pytest.mark.parametrize("flags", [[], ["--retarget"], ["--retarget", "--mirror"]])
def test_a_file_is_played_as_it_is_unless_asked(flags, tmp_path):
    from keras_anchor import controls as ctl
    from keras_anchor.drive.retarget import retarget
    from keras_anchor.performance import read_performance
    from keras_anchor.render import Renderer, load_anchor

    path = tmp_path / "performance.csv"
    path.write_text("jawOpen,headYaw\n0,0\n0.2,0.3\n0.4,0.1\n")
    arguments = ["render", "--performance", str(path), "-o", str(tmp_path / "film")]
    assert main([*arguments, *flags]) == 0
    performance, anchor = read_performance(path), load_anchor()
    if "--mirror" in flags:
        performance.controls = ctl.mirror(performance.controls)
    if "--retarget" in flags:
        performance = retarget(performance, anchor.ranges)
    pixels = Renderer(anchor)(performance.controls[1])
    picture = cv2.imread(str(tmp_path / "film" / "000001.png"), cv2.IMREAD_UNCHANGED)
    np.testing.assert_array_equal(picture[..., [2, 1, 0, 3]], pixels)


def test_doctor_names_a_package_whose_library_is_missing(tmp_path, monkeypatch):
    (tmp_path / "silent.py").write_text("raise OSError('PortAudio is not found')")
    monkeypatch.syspath_prepend(tmp_path)
    state, is_working = examine(Package("silent", ("numpy",), "record", "sound"))
    assert state.endswith("but does not import: PortAudio is not found")
    assert not is_working


def test_doctor_names_every_package(capsys):
    with contextlib.suppress(SystemExit):  # Something may be missing here.
        main(["doctor"])
    printed = capsys.readouterr().out
    for package in PACKAGES:
        assert any(name in printed for name in package.names)
    assert "shipped anchor" in printed


def test_sizes_and_times_read_well(tmp_path):
    (tmp_path / "anchor").mkdir()
    (tmp_path / "anchor" / "weights").write_bytes(bytes(1_200_000))
    assert describe_path(tmp_path / "anchor") == f"{tmp_path}/anchor/  1.2 MB"
    assert describe_seconds(59.6) == "1 min 00 s"
    assert describe_seconds(8.4) == "8 s"
