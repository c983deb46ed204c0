import numpy as np
import pytest
from drawings import draw_presenter

from keras_anchor import controls as ctl
from keras_anchor.data.video.frames import read_frames
from keras_anchor.frames import composite
from keras_anchor.identity import (
    EMBEDDING_SIZE,
    SAME_PERSON,
    IdentityDistance,
    mean_person,
)


@pytest.fixture(scope="module")
def distance():
    try:
        return IdentityDistance()
    except ModuleNotFoundError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def people():
    """Pictures of two presenters: at rest, speaking and turned."""
    controls = np.tile(ctl.NEUTRAL, (3, 1))
    for row, name, value in ((1, "jawOpen", 0.4), (2, "headYaw", 0.3)):
        controls[row, ctl.INDEX[name]] = value
    return {
        name: composite(draw_presenter(controls, 128, name), (128, 128, 128))
        for name in ("adam", "mei")
    }


@pytest.fixture(scope="module")
def embeddings(distance, people):
    return {name: distance.embeddings(frames) for name, frames in people.items()}


def test_a_person_is_nearer_to_themselves_than_to_others(distance, embeddings):
    person = mean_person(embeddings["adam"])
    assert distance(embeddings["adam"], person) < 0.5 * SAME_PERSON
    assert distance(embeddings["mei"], person) > SAME_PERSON


def test_people_of_clips_are_told_apart(distance, footage_folder):
    pytest.importorskip("av")
    clips = []
    for path in sorted(footage_folder.glob("*.mp4"))[:2]:
        frames = [frame for frame, _ in zip(read_frames(path), range(40), strict=False)]
        clips.append(distance.embeddings(frames[::10]))
    one, other = clips
    assert distance(one[::2], mean_person(one[1::2])) < 0.5 * SAME_PERSON
    assert distance(other, mean_person(one)) > SAME_PERSON


def test_the_distance_is_the_mean_over_all_pairs(distance, rng):
    first, second = rng.normal(size=(3, 128)), rng.normal(size=(2, 128))
    expected = np.mean([np.sqrt(np.sum((a - b) ** 2)) for a in first for b in second])
    assert distance(first, second) == pytest.approx(expected)


def test_what_was_seen_before_does_not_matter(distance, people, embeddings):
    backwards = distance.embeddings(people["adam"][::-1])[::-1]
    np.testing.assert_array_equal(backwards, embeddings["adam"])


def test_the_face_is_turned_upright(distance, people, embeddings):
    turned = distance.embeddings(np.rot90(people["adam"], axes=(1, 2)))
    between = np.linalg.norm(turned - embeddings["adam"], axis=1)
    assert between.max() < 0.5 * SAME_PERSON


def test_pictures_without_a_face_are_left_out(distance, people, embeddings):
    grey = np.full_like(people["adam"][:1], 128)
    found = distance.embeddings(np.concatenate([grey, people["adam"]]))
    assert np.isnan(found[0]).all()
    np.testing.assert_array_equal(mean_person(found), mean_person(embeddings["adam"]))
    assert distance(found[:1], embeddings["adam"]) is None
    assert distance(embeddings["adam"], mean_person(found[:1])) is None
    assert mean_person(found[:1]).shape == (EMBEDDING_SIZE,)


def test_pictures_must_be_rgb(distance):
    with pytest.raises(ValueError, match=r"received uint8 \(1, 9, 9, 4\). Composite"):
        distance.embeddings(np.zeros((1, 9, 9, 4), "uint8"))
    with pytest.raises(ValueError, match="received float32"):
        distance.embeddings(np.zeros((1, 9, 9, 3), "float32"))


def test_a_missing_package_is_named_with_its_pip_line(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match=r"104 MB.*keras-anchor\[identity\]"):
        IdentityDistance()
