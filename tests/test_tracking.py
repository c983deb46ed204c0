"""The square around the head, and tracking that goes on where it stopped."""

import os
import shutil

import numpy as np
import pytest

from keras_anchor.data.capture import tracking
from keras_anchor.data.capture.tracking import FREE_SHARE, Track, blur, track_faces
from keras_anchor.data.landmarks import OVAL
from keras_anchor.films import write_film

WIDTH, HEIGHT, FPS = 640, 360, 25.0


def make_track(centres, face_width=80.0, skin=(150.0, 120.0, 100.0)):
    """A track of a stiff face whose outline is centred at `(num_frames, 2)` pixels."""
    angles = np.linspace(0, 2 * np.pi, len(OVAL), endpoint=False)
    landmarks = np.zeros((len(centres), 478, 3))
    outline = np.stack([np.cos(angles), np.sin(angles)], -1) * face_width / 2.0
    landmarks[..., :2] = np.asarray(centres)[:, None]
    landmarks[:, list(OVAL), :2] += outline
    return Track(
        indices=np.arange(len(centres)),
        landmarks=landmarks,
        blendshapes=np.zeros((len(centres), 52)),
        torso=np.zeros((len(centres), 3)),
        skin=np.broadcast_to(skin, (len(centres), 3)),
        num_frames=len(centres),
        width=WIDTH,
        height=HEIGHT,
        fps=FPS,
    )


def test_the_square_stands_still_while_the_head_stays_in_its_middle(rng):
    centres = np.array([300.0, 180.0]) + rng.uniform(-15, 15, (50, 2))
    track = make_track(centres)
    assert track.side == 200
    assert np.ptp(track.corners, axis=0).max() == 0


def test_the_square_follows_a_head_that_walks_away():
    x = np.concatenate([np.full(200, 200.0), np.linspace(200, 500, 100)])
    track = make_track(np.stack([x, np.full(300, 180.0)], 1))
    offset = x - track.corners[:, 0] - track.side / 2.0
    assert np.abs(offset).max() < (FREE_SHARE + 0.1) * track.side
    assert np.ptp(track.corners[:180, 0]) == 0
    steps = np.diff(track.corners[:, 0])
    assert steps.min() >= 0 and steps.max() <= 5


def test_a_square_never_leaves_the_picture(rng):
    track = make_track(rng.uniform([0, 0], [WIDTH, HEIGHT], (80, 2)))
    assert track.corners.min() >= 0
    assert (track.corners + track.side <= (WIDTH, HEIGHT)).all()


def test_what_a_moving_square_shows_adds_up():
    x = np.linspace(100, 540, 120)
    track = make_track(np.stack([x, np.full(120, 180.0)], 1))
    landmarks, torso = track.normalized()
    back = landmarks[..., 0] * track.side / 2.0 + track.side / 2.0
    back += track.corners[:, :1]
    np.testing.assert_allclose(back[2:-2], track.landmarks[2:-2, :, 0], atol=0.5)
    # A torso that stands still in the picture moves in the square, the other way.
    moved = (torso[-10, 0] - torso[10, 0]) * track.side
    expected = track.corners[10, 0] - track.corners[-10, 0]
    assert moved == pytest.approx(expected, abs=1.0)


def test_slow_light_is_taken_back_and_quick_shadows_stay():
    time = np.arange(1000)
    slow = 1.0 + 0.1 * np.sin(time / 150.0)
    quick = 1.0 + 0.1 * np.sin(time / 2.0)
    skin = np.array([150.0, 120.0, 100.0]) * (slow * quick)[:, None]
    gains = make_track(np.full((1000, 2), 180.0), skin=skin).gains
    left = (skin * gains)[100:-100] / quick[100:-100, None]
    assert np.ptp(left, axis=0).max() < 0.03 * left.mean()
    assert gains.max() < 1.2


def test_blurring_keeps_the_sum(rng):
    values = np.zeros((60, 2))
    values[25:35] = rng.uniform(size=(10, 2))
    np.testing.assert_allclose(blur(values, 3.0).sum(0), values.sum(0))


def test_an_interrupted_tracking_goes_on_as_if_it_had_not_stopped(
    drawn_video, tmp_path, monkeypatch
):
    monkeypatch.setattr(tracking, "PART_FRAMES", 7)
    counted = []

    def stop(stage, count, total):
        counted.append(count)
        if len(counted) == 17:
            raise KeyboardInterrupt

    whole = track_faces(drawn_video, lambda *_: None)
    folder = tmp_path / "tracked"
    with pytest.raises(KeyboardInterrupt):
        track_faces(drawn_video, stop, kept_folder=folder)
    again = track_faces(drawn_video, stop, kept_folder=folder)
    assert counted[17] == 15  # Two parts of seven frames were kept.
    np.testing.assert_array_equal(again.indices, whole.indices)
    np.testing.assert_allclose(again.landmarks, whole.landmarks, atol=1e-3)


def test_kept_parts_of_another_span_are_not_used(drawn_video, tmp_path, monkeypatch):
    monkeypatch.setattr(tracking, "PART_FRAMES", 7)
    track_faces(drawn_video, lambda *_: None, (0.0, 2.0), tmp_path / "tracked")
    other = track_faces(drawn_video, lambda *_: None, (0.3, 2.0), tmp_path / "tracked")
    assert other.indices[0] == 3
    assert other.num_frames == 20


def test_kept_parts_of_another_file_are_not_used(drawn_video, tmp_path, monkeypatch):
    monkeypatch.setattr(tracking, "PART_FRAMES", 7)
    path = tmp_path / "me.mp4"
    shutil.copy(drawn_video, path)
    track_faces(path, lambda *_: None, kept_folder=tmp_path / "tracked")
    shutil.copy(drawn_video, path)
    os.utime(path, (1, 1))
    counted, folder = [], tmp_path / "tracked"
    track_faces(path, lambda *call: counted.append(call[1]), kept_folder=folder)
    assert counted[0] == 1


def test_a_clip_without_faces_is_refused_again(tmp_path, monkeypatch):
    monkeypatch.setattr(tracking, "PART_FRAMES", 7)
    path = tmp_path / "wall.mp4"
    write_film(path, [np.full((64, 64, 3), 90, "uint8")] * 60, 25.0)
    for _ in range(2):
        with pytest.raises(ValueError, match="shows a face in 0 of 60 frames"):
            track_faces(path, lambda *_: None, kept_folder=tmp_path / "tracked")
        (tmp_path / "tracked" / "part-00009.npz").write_bytes(b"cut short")
