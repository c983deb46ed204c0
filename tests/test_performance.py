import numpy as np
import pytest

from keras_anchor import controls as ctl
from keras_anchor.performance import Performance, read_performance, write_performance


def test_csv_round_trip(tmp_path, rng):
    controls = rng.uniform(ctl.LOW, ctl.HIGH, (8, 62)).astype("float32")
    write_performance(tmp_path / "p.csv", Performance(controls, 25.0))
    read = read_performance(tmp_path / "p.csv")
    assert read.fps == 25.0
    np.testing.assert_allclose(read.controls, controls, atol=1e-4)
    assert [path.name for path in tmp_path.iterdir()] == ["p.csv"]


def test_live_link_face_recording_is_read_by_name(tmp_path):
    path = tmp_path / "take.csv"
    path.write_text(
        "Timecode,BlendShapeCount,JawOpen,EyeBlinkLeft,HeadYaw,LeftEyeYaw\n"
        "00:00:01:02.100,61,0.5,1.0,-0.2,0.3\n"
    )
    read = read_performance(path)
    assert read.fps == 60.0
    expected = ctl.pack({"jawOpen": 0.5, "eyeBlinkLeft": 1.0, "headYaw": -0.2})
    np.testing.assert_allclose(read.controls[0], expected)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("jawOpen,jaw\n0,0\n", r"unknown controls \['jaw'\].*Known: \['eyeBlinkLeft'"),
        ("jawOpen\n", "has no rows"),
        ("jawOpen\nwide\n", "a row that is not numbers"),
        ("jawOpen,headYaw\n0.5\n", "a row that is not numbers"),
        ("jawOpen\nnan\n", "not finite"),
        (
            "jawOpen,JawOpen\n0,1\n",
            r"more than one column of .*\['JawOpen', 'jawOpen'\]",
        ),
        (
            "seconds,jawOpen\n0,0\n1000,1\n",
            "1 to 240 frames a second in .*, received 0",
        ),
        ('jawOpen\n"' + 200_000 * "0", "is no CSV .*Expected text: control names"),
        ("jawOpen\n\xff", "is no CSV .*Expected text: control names"),
    ],
)
def test_bad_csv_is_explained(tmp_path, text, message):
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(ValueError, match=message):
        read_performance(path)
