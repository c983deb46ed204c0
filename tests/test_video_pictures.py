"""Pictures of a video: upright, whole, of one size, and of the right colours."""

from fractions import Fraction

import cv2
import numpy as np
import pytest
from videos import HEIGHT, QUIET, WIDTH, number_of, numbered, numbers, write_video

from keras_anchor.data.video.frames import read_frames
from keras_anchor.data.video.probe import probe

av = pytest.importorskip("av")


def test_frames_keep_their_size_where_the_video_changes_it(tmp_path):
    parts = [
        write_video(tmp_path / "small.ts", [numbered(index) for index in range(50)]),
        write_video(
            tmp_path / "large.ts",
            [numbered(index, 320, 192) for index in range(50, 99)],
        ),
    ]
    path = tmp_path / "joined.ts"
    with av.open(str(path), "w") as joined:
        for number, part in enumerate(parts):
            with av.open(str(part)) as container:
                if number == 0:
                    stream = joined.add_stream_from_template(container.streams.video[0])
                for packet in container.demux(video=0):
                    if packet.size:
                        packet.pts += number * 180_000
                        packet.dts += number * 180_000
                        packet.stream = stream
                        joined.mux(packet)
    pictures = list(read_frames(path))
    assert {picture.shape for picture in pictures} == {(HEIGHT, WIDTH, 3)}
    assert [number_of(picture) for picture in pictures] == list(range(99))


@pytest.mark.parametrize(
    ("rotation", "is_mirrored", "is_upright"),
    [
        (0, False, lambda picture: picture),
        (90, False, lambda picture: np.rot90(picture)),
        (180, False, lambda picture: np.rot90(picture, 2)),
        (-90, False, lambda picture: np.rot90(picture, 3)),
        (0, True, lambda picture: picture[:, ::-1]),
    ],
)
def test_phones_turn_pictures_by_a_note(tmp_path, rotation, is_mirrored, is_upright):
    picture = np.full((96, 160, 3), 40, "uint8")
    picture[:48, :80], picture[:48, 80:], picture[48:, :80] = 220, (200, 40, 40), 120
    path = write_video(
        tmp_path / "clip.mov",
        [picture] * 60,
        rotation=rotation,
        is_mirrored=is_mirrored,
    )
    expected = is_upright(picture)
    facts = probe(path)
    assert (facts.height, facts.width) == expected.shape[:2]
    if not is_mirrored:
        assert facts.rotation == -rotation % 360
    seen = next(read_frames(path))
    assert seen.shape == expected.shape
    assert np.abs(seen.astype(int) - expected).mean() < 3.0


def test_oblong_pixels_become_square(tmp_path):
    pictures = [numbered(index) for index in range(50)]
    path = write_video(tmp_path / "clip.mp4", pictures, aspect=Fraction(4, 3))
    assert (probe(path).width, probe(path).height) == (213, 96)
    assert next(read_frames(path)).shape == (96, 213, 3)
    assert numbers(path) == list(range(50))


@pytest.mark.parametrize(
    ("side", "shape"), [(None, (960, 1920, 3)), (640, (320, 640, 3))]
)
def test_large_pictures_are_reduced(tmp_path, side, shape):
    pictures = [numbered(index, 3840, 1920) for index in (0, 170)] * 25
    path = write_video(tmp_path / "clip.mp4", pictures[:50], preset="ultrafast")
    assert (probe(path).width, probe(path).height) == (3840, 1920)
    frames = read_frames(path, **({"max_side": side} if side else {}))
    for expected in (0, 170):
        picture = next(frames)
        assert picture.shape == shape
        assert number_of(picture) == expected


def moving_texture(rng, num_frames, step=3):
    """Grey, and smooth: what is lost between the lines can be guessed."""
    texture = rng.integers(0, 255, (12, 40), "uint8")
    texture = cv2.resize(texture, (480, 144), interpolation=cv2.INTER_CUBIC)
    texture = np.repeat(texture[..., None], 3, axis=2)
    return [texture[:, step * index :][:, :160] for index in range(num_frames)]


def interlace(moments, is_top_first):
    """Each picture shows two moments: the even lines one, the odd lines the other."""
    pictures = []
    for first, second in zip(moments[::2], moments[1::2], strict=True):
        picture = first.copy()
        odd = 1 if is_top_first else 0
        picture[odd::2] = second[odd::2]
        pictures.append(picture)
    return pictures


@pytest.mark.parametrize("is_flagged", [True, False])
@pytest.mark.parametrize("is_top_first", [True, False])
def test_interlaced_pictures_are_made_whole(tmp_path, rng, is_flagged, is_top_first):
    moments = moving_texture(rng, 104, step=2)
    order = "tff" if is_top_first else "bff"
    options = {"x264-params": f"{order}=1"} if is_flagged else {}
    path = write_video(
        tmp_path / "clip.mp4", interlace(moments, is_top_first), crf="8", **options
    )
    facts = probe(path)
    assert (facts.is_interlaced, facts.field_order) == (True, order)
    frames = list(read_frames(path))
    assert len(frames) == facts.num_frames == 52
    errors, combed_errors = [], []
    combed = interlace(moments, is_top_first)
    for seen, whole, both in zip(frames, moments[::2], combed, strict=True):
        errors.append(np.abs(seen.astype(int) - whole).mean())
        combed_errors.append(np.abs(both.astype(int) - whole).mean())
    assert np.mean(errors) < 0.25 * np.mean(combed_errors)
    np.testing.assert_array_equal(list(read_frames(path, start=30)), frames[30:])


def test_still_pictures_are_interlaced_as_their_file_says(tmp_path, rng):
    pictures = moving_texture(rng, 1) * 60
    for flag, is_interlaced in (({"x264-params": "tff=1"}, True), ({}, False)):
        path = write_video(tmp_path / "clip.mp4", pictures, **flag)
        assert probe(path).is_interlaced == is_interlaced


def test_moving_whole_pictures_are_left_whole(tmp_path, rng):
    pictures = moving_texture(rng, 60)
    path = write_video(
        tmp_path / "clip.mp4", pictures, crf="8", **{"x264-params": "tff=1"}
    )
    assert not probe(path).is_interlaced


def test_dither_is_not_taken_for_interlacing(tmp_path, rng):
    pictures = interlace(moving_texture(rng, 104, step=2), is_top_first=True)
    path = write_video(tmp_path / "clip.gif", pictures, codec="gif", pix_fmt="rgb8")
    assert not probe(path).is_interlaced


def test_grey_footage_is_told_from_coloured(tmp_path):
    grey = np.repeat(numbered(170)[:, :, :1], 3, axis=2)
    path = write_video(tmp_path / "clip.mp4", [grey] * 60, pix_fmt="gray")
    assert probe(path).is_grey
    assert numbers(path) == [170] * 60
    assert not probe(write_video(tmp_path / "clip.mp4", [numbered(170)] * 60)).is_grey


# sRGB colours, among them a light and a dark skin.
COLOURS = np.array(
    [[51, 51, 51], [128, 128, 128], [224, 172, 140], [110, 70, 50], [40, 90, 190]]
)
LUMA = {"bt601": (0.299, 0.114), "bt709": (0.2126, 0.0722), "bt2020": (0.2627, 0.0593)}


def patches(rgb, matrix, height, depth=8):
    """A `VideoFrame` of columns; `rgb` is `(num_colours, 3)` in `[0, 1]`, encoded."""
    red, blue = LUMA[matrix]
    luma = rgb @ [red, 1.0 - red - blue, blue]
    chroma = (rgb[:, 2] - luma) / (2 - 2 * blue), (rgb[:, 0] - luma) / (2 - 2 * red)
    unit, kind = 2 ** (depth - 8), "u1" if depth == 8 else "<u2"
    pix_fmt = "yuv420p" if depth == 8 else "yuv420p10le"
    frame = av.VideoFrame(64 * len(rgb), height, pix_fmt)
    values = [219 * luma + 16, 224 * chroma[0] + 128, 224 * chroma[1] + 128]
    for plane, value, size in zip(frame.planes, values, (64, 32, 32), strict=True):
        row = np.repeat(np.rint(value * unit), size).astype(kind)
        rows = np.zeros((plane.height, plane.line_size // row.itemsize), kind)
        rows[:, : len(row)] = row
        plane.update(rows.tobytes())
    frame.color_range = 1
    return frame


def middles(picture):
    """The colours of the columns of `patches`."""
    return picture[len(picture) // 2, 32::64].astype(int)


@pytest.mark.parametrize(
    ("matrix", "label", "height"),
    [("bt601", 6, 720), ("bt709", 1, 96), ("bt601", 2, 96), ("bt709", 2, 720)],
)
def test_colours_are_right_whatever_the_matrix(tmp_path, matrix, label, height):
    frame = patches(COLOURS / 255.0, matrix, height)
    frame.colorspace = label
    path = write_video(tmp_path / "clip.mp4", [frame] * 60, preset="ultrafast", crf="4")
    seen = middles(next(read_frames(path)))
    np.testing.assert_allclose(seen, COLOURS, atol=4)


def to_light(colours):
    """Linear BT.2020 light of sRGB colours, white is 1."""
    colours = colours / 255.0
    linear = np.where(
        colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4
    )
    # ITU-R BT.2087, Table 1.
    matrix = [
        [0.6274, 0.3293, 0.0433],
        [0.0691, 0.9195, 0.0114],
        [0.0164, 0.088, 0.8956],
    ]
    return linear @ np.transpose(matrix)


def perceptual_quantizer(light):
    """ITU-R BT.2100, Table 4, with white at 203 of 10,000 candelas a square metre."""
    power = (light * 203 / 10000) ** 0.1593017578125
    return ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375


def hybrid_log_gamma(light):
    """ITU-R BT.2100, Table 5, with white at 203 of 1,000 candelas a square metre."""
    display = light * 203 / 1000
    scene = display * (display @ [0.2627, 0.678, 0.0593])[:, None] ** (1 / 1.2 - 1)
    log = 0.17883277 * np.log(np.maximum(12 * scene - 0.28466892, 1e-9)) + 0.55991073
    return np.where(scene <= 1 / 12, np.sqrt(3 * scene), log)


@pytest.mark.parametrize(
    ("encode", "label"), [(perceptual_quantizer, 16), (hybrid_log_gamma, 18)]
)
def test_high_dynamic_range_becomes_srgb(tmp_path, encode, label):
    frame = patches(encode(to_light(COLOURS)), "bt2020", 96, depth=10)
    frame.colorspace, frame.color_primaries, frame.color_trc = 9, 9, label
    path = write_video(
        tmp_path / "clip.mov",
        [frame] * 60,
        codec="libx265",
        pix_fmt="yuv420p10le",
        preset="ultrafast",
        **{"x265-params": f"{QUIET}:qp=4"},
    )
    seen = middles(next(read_frames(path)))
    np.testing.assert_allclose(seen, COLOURS, atol=8)
