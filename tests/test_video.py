from fractions import Fraction

import cv2
import numpy as np
import pytest

from keras_anchor.data.takes import write_wav
from keras_anchor.data.video.frames import read_frames
from keras_anchor.data.video.probe import probe
from keras_anchor.data.video.sound import SAMPLE_RATE, read_sound, sound_blocks

av = pytest.importorskip("av")

WIDTH, HEIGHT, NUM_BITS = 160, 96, 8
QUIET = "log-level=none"
FORMATS = {  # name of the file: what its encoder is given
    "h264.mp4": {"codec": "libx264", "g": "30", "bf": "3"},
    "h264.mkv": {"codec": "libx264", "g": "30", "bf": "3"},
    "h264.ts": {"codec": "libx264", "g": "30", "bf": "3"},
    "open_gop.mp4": {
        "codec": "libx264",
        "g": "12",
        "bf": "2",
        "x264-params": "open-gop=1",
    },
    "hevc.mp4": {"codec": "libx265", "x265-params": f"keyint=30:{QUIET}"},
    "ten_bit.mov": {
        "codec": "libx265",
        "pix_fmt": "yuv420p10le",
        "x265-params": QUIET,
        "preset": "ultrafast",
    },
    "vp9.webm": {"codec": "libvpx-vp9", "deadline": "realtime", "cpu-used": "8"},
    "av1.mp4": {"codec": "libsvtav1", "preset": "10", "g": "20"},
    "prores.mov": {"codec": "prores_ks", "pix_fmt": "yuv422p10le"},
    "mpeg2.mpg": {"codec": "mpeg2video", "bf": "2"},
    "mpeg4.avi": {"codec": "mpeg4", "bf": "2"},
    "mjpeg.mov": {"codec": "mjpeg", "pix_fmt": "yuvj420p"},
    "animated.gif": {"codec": "gif", "pix_fmt": "rgb8"},
}
CODECS = {
    "libx264": "h264",
    "libx265": "hevc",
    "libvpx-vp9": "vp9",
    "prores_ks": "prores",
}


def numbered(number, width=WIDTH, height=HEIGHT):
    """A picture that shows a number as bars, black and white, over coloured ones."""
    picture = np.zeros((height, width, 3), "uint8")
    bar = width // NUM_BITS
    for bit in range(NUM_BITS):
        picture[: height // 2, bit * bar : (bit + 1) * bar] = 235 * (number >> bit & 1)
    picture[height // 2 :, : width // 2] = 200, 60, 40
    picture[height // 2 :, width // 2 :] = 40, 90, 200
    return picture


def number_of(picture):
    """What number a picture shows."""
    height, width = picture.shape[0] // 4, picture.shape[1] // NUM_BITS
    bits = picture[height, width // 2 :: width].mean(-1) > 120
    return sum(int(bit) << place for place, bit in enumerate(bits[:NUM_BITS]))


def write_video(
    path,
    pictures,
    rate=25,
    times=None,
    codec="libx264",
    pix_fmt="yuv420p",
    rotation=None,
    is_mirrored=False,
    field_order=None,
    container_options=None,
    aspect=None,
    sound=None,
    **options,
):
    """A video of uint8 RGB pictures or of `av.VideoFrame`s; `times` in 1/1000 s.

    `sound` is `(samples, sample_rate, seconds it starts after the picture)`.
    """
    time_base = Fraction(1, 1000) if times is not None else 1 / Fraction(rate)
    with av.open(
        str(path), "w", container_options=container_options or {}
    ) as container:
        stream = container.add_stream(codec, rate=rate, options=options)
        stream.pix_fmt, stream.bit_rate = pix_fmt, 3_000_000
        stream.codec_context.time_base = time_base
        if rotation is not None:
            stream.set_display_rotation(rotation, hflip=is_mirrored)
        if field_order:
            stream.codec_context.field_order = field_order
        packets = []
        for index, picture in enumerate(pictures):
            frame = picture
            if isinstance(picture, np.ndarray):
                frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            if index == 0:
                stream.width, stream.height = frame.width, frame.height
                if aspect:
                    stream.codec_context.sample_aspect_ratio = aspect
                for name in (
                    "colorspace",
                    "color_range",
                    "color_trc",
                    "color_primaries",
                ):
                    if not isinstance(picture, np.ndarray):
                        setattr(stream.codec_context, name, getattr(frame, name))
            frame.pts = index if times is None else int(times[index])
            frame.time_base = time_base
            packets += stream.encode(frame)
        packets += stream.encode()
        if sound is not None:
            packets += encode_sound(container, *sound)
        container.mux(packets)
    return path


def encode_sound(container, samples, rate, starts, codec="pcm_s16le"):
    stream = container.add_stream(codec, rate=rate)
    stream.layout = "mono"
    packets = []
    for first in range(0, len(samples), 1000):
        block = np.rint(samples[first : first + 1000] * 32767).astype("int16")[None]
        frame = av.AudioFrame.from_ndarray(block, format="s16", layout="mono")
        frame.sample_rate, frame.time_base = rate, Fraction(1, rate)
        frame.pts = first + round(starts * rate)
        packets += stream.encode(frame)
    return packets + stream.encode()


def numbers(path, **options):
    return [number_of(picture) for picture in read_frames(path, **options)]


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    """Makes, once each, the clip of 75 numbered pictures in a format."""
    folder, done = tmp_path_factory.mktemp("clips"), set()

    def make(name):
        if name not in done:
            pictures = [numbered(index) for index in range(75)]
            write_video(folder / name, pictures, **FORMATS[name])
            done.add(name)
        return folder / name

    return make


@pytest.mark.parametrize("name", FORMATS)
def test_every_common_format_is_read_whole(clips, name):
    facts = probe(clips(name))
    codec = FORMATS[name]["codec"]
    assert facts.codec in (CODECS.get(codec, codec), "libdav1d", "av1", "mpeg2video")
    assert facts.fps == 25.0
    assert (facts.width, facts.height) == (WIDTH, HEIGHT)
    assert facts.num_frames == 75
    assert not (facts.is_variable or facts.is_grey or facts.is_interlaced)
    assert not facts.has_sound
    assert numbers(clips(name)) == list(range(75))


@pytest.mark.parametrize("name", FORMATS)
def test_reading_from_the_middle_is_like_reading_on(clips, name):
    pictures = list(read_frames(clips(name)))
    for start in (1, 40, 74):
        rest = list(read_frames(clips(name), start=start))
        np.testing.assert_array_equal(rest, pictures[start:])


def test_reading_from_the_middle_finds_the_keyframe_before(tmp_path):
    """A stream without an index, in which one cannot seek to a keyframe."""
    pictures = [numbered(index) for index in range(160)]
    path = write_video(tmp_path / "clip.ts", pictures, g="100", sc_threshold="0")
    assert numbers(path, start=70) == list(range(70, 160))


def test_nothing_is_read_from_behind_the_end(clips):
    assert numbers(clips("h264.mp4"), start=75) == []


def test_a_part_must_start_before_the_end(clips):
    facts = probe(clips("h264.mp4"))
    assert facts.frames_of(start=facts.seconds - 0.1)[1] > 0
    with pytest.raises(ValueError, match="start before the end .*, received 50 s"):
        facts.frames_of(start=50.0)


def nearest(times, rate, seconds):
    """The slow reference: at each tick, the number of the frame nearest in time."""
    ticks = np.arange(round(seconds * rate)) / rate
    return [int(np.argmin(np.abs(np.array(times) / 1000.0 - tick))) for tick in ticks]


@pytest.mark.parametrize("name", ["phone.mp4", "phone.mkv"])
def test_a_variable_rate_becomes_constant(tmp_path, rng, name):
    gaps = rng.choice([33, 34, 41, 50, 67, 133], 89, p=[0.4, 0.3, 0.1, 0.1, 0.05, 0.05])
    times = np.concatenate([[0], np.cumsum(gaps)])
    pictures = [numbered(index) for index in range(90)]
    path = write_video(tmp_path / name, pictures, rate=30, times=times)
    facts = probe(path)
    assert facts.is_variable
    assert 25.0 < facts.fps <= 30.0
    assert facts.fps.is_integer()
    shown = numbers(path)
    assert len(shown) == facts.num_frames
    assert shown == nearest(times, facts.fps, facts.seconds)
    assert numbers(path, start=37) == shown[37:]


LIVE = {  # What browsers record: files without a length, or in fragments.
    "live.webm": {
        "codec": "libvpx-vp9",
        "deadline": "realtime",
        "cpu-used": "8",
        "container_options": {"live": "1"},
    },
    "live.mp4": {
        "g": "30",
        "container_options": {"movflags": "frag_keyframe+empty_moov"},
    },
}


@pytest.mark.parametrize("name", LIVE)
def test_what_a_browser_records_is_read(tmp_path, rng, name):
    gaps = rng.choice([20, 33, 34, 47, 66], 119, p=[0.1, 0.4, 0.3, 0.1, 0.1])
    times = np.concatenate([[0], np.cumsum(gaps)])
    pictures = [numbered(index) for index in range(120)]
    path = write_video(tmp_path / name, pictures, rate=30, times=times, **LIVE[name])
    facts = probe(path)
    shown = numbers(path)
    assert facts.num_frames == len(shown)
    assert shown == nearest(times, facts.fps, facts.seconds)
    assert numbers(path, start=80) == shown[80:]


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


def test_a_coarse_clock_still_tells_a_common_rate(tmp_path):
    pictures = [numbered(index) for index in range(75)]
    path = write_video(
        tmp_path / "clip.gif", pictures, rate=30, codec="gif", pix_fmt="rgb8"
    )
    assert probe(path).fps in (30.0, pytest.approx(30000 / 1001))
    assert numbers(path)[::15] == [0, 15, 30, 45, 60]


def test_lost_frames_leave_the_rest_in_place(tmp_path):
    kept = [index for index in range(100) if not 40 <= index < 48]
    pictures = [numbered(index) for index in kept]
    path = write_video(tmp_path / "clip.mp4", pictures, times=np.array(kept) * 40)
    assert not probe(path).is_variable
    shown = numbers(path)
    assert shown[:40] + shown[48:] == kept
    assert set(shown[40:48]) == {39, 48}


@pytest.mark.parametrize(
    ("rate", "fps", "step"),
    [
        (24, 24.0, 1),
        (Fraction(30000, 1001), 30000 / 1001, 1),
        (12.5, 12.5, 1),
        (60, 60.0, 1),
        (Fraction(120000, 1001), 60000 / 1001, 2),
        (240, 60.0, 4),
        (100, 50.0, 2),
    ],
)
def test_high_rates_are_halved(tmp_path, rate, fps, step):
    rate = Fraction(rate)
    num_frames = round(2.1 * rate)
    pictures = [numbered(index % 256) for index in range(num_frames)]
    path = write_video(tmp_path / "clip.mp4", pictures, rate, preset="ultrafast")
    facts = probe(path)
    assert facts.fps == pytest.approx(fps, rel=1e-9)
    assert facts.seconds == pytest.approx(float(num_frames / rate), abs=0.002)
    shown = numbers(path)
    assert shown == [index % 256 for index in range(0, num_frames, step)]
    assert abs(len(shown) - facts.num_frames) <= 1


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


RATE, BEEP, BEEP_SECONDS = 44100, 1.0, 0.1


def beeping(seconds, starts=0.0):
    """A quiet tone with a loud beep when the picture's clock shows `BEEP`."""
    times = np.arange(round(seconds * RATE)) / RATE
    tone = 0.05 * np.sin(2 * np.pi * 300 * times)
    is_beep = (times + starts >= BEEP) & (times + starts < BEEP + BEEP_SECONDS)
    return tone + is_beep * 0.7 * np.sin(2 * np.pi * 1000 * times)


def beeping_video(path, seconds=3.0, starts=0.0, **options):
    pictures = [numbered(index) for index in range(75)]
    sound = beeping(seconds, starts), RATE, starts
    return write_video(path, pictures, sound=sound, **options)


@pytest.mark.parametrize("name", ["clip.mov", "clip.mkv"])
@pytest.mark.parametrize("starts", [0.0, 0.6, -0.6])
def test_sound_is_in_step_with_the_picture(tmp_path, name, starts):
    late = max(0.0, -starts)
    pictures = [numbered(index) for index in range(75)]
    path = write_video(
        tmp_path / name,
        pictures,
        times=1000 * late + np.arange(75) * 40,
        sound=(beeping(3.6, starts), RATE, starts + late),
    )
    facts = probe(path)
    assert facts.has_sound
    assert facts.start_time == pytest.approx(late, abs=0.002)
    assert facts.num_frames == len(numbers(path)) == 75
    sound = read_sound(path, facts.seconds)
    assert sound.dtype == np.float32
    assert len(sound) == 3 * SAMPLE_RATE
    loud = np.flatnonzero(np.abs(sound) > 0.3) / SAMPLE_RATE
    assert loud[0] == pytest.approx(BEEP, abs=0.003)
    assert loud[-1] == pytest.approx(BEEP + BEEP_SECONDS, abs=0.003)
    heard = np.flatnonzero(np.abs(sound) > 0.01) / SAMPLE_RATE
    assert heard[0] == pytest.approx(max(0.0, starts), abs=0.003)
    assert heard[-1] == pytest.approx(3.0, abs=0.003)


def test_sound_whose_clock_is_slow_stays_in_step(tmp_path):
    """The microphone's second lasts 0.8 % too long, as its timestamps say."""
    pictures = [numbered(index % 256) for index in range(300)]
    rate, true_rate = 48000, round(48000 / 1.008)
    times = np.arange(12 * true_rate) / true_rate
    samples = np.where((times >= 10.0) & (times < 10.1), 0.8, 0.02) * np.sin(
        2 * np.pi * 500 * times
    )
    path = tmp_path / "clip.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        packets = []
        for picture in pictures:
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            packets += stream.encode(frame)
        packets += stream.encode()
        for packet in encode_sound(container, samples, rate, 0.0):
            packet.pts = packet.dts = round(packet.pts * rate / true_rate)
            packets.append(packet)
        container.mux(packets)
    sound = read_sound(path, 12.0)
    loud = np.flatnonzero(np.abs(sound) > 0.3) / SAMPLE_RATE
    assert loud[0] == pytest.approx(10.0, abs=0.01)
    assert loud[-1] == pytest.approx(10.1, abs=0.01)


def test_silence_follows_sound_that_ends_early(tmp_path):
    path = beeping_video(tmp_path / "clip.mov", seconds=2.0)
    sound = read_sound(path, 3.0)
    assert len(sound) == 3 * SAMPLE_RATE
    assert np.abs(sound[round(1.9 * SAMPLE_RATE) : 2 * SAMPLE_RATE - 50]).max() > 0.04
    assert np.abs(sound[round(2.01 * SAMPLE_RATE) :]).max() == 0.0


def test_sound_comes_in_blocks_that_fit_a_file(tmp_path):
    path = beeping_video(tmp_path / "clip.mov")
    blocks = list(sound_blocks(path, 2.5))
    assert max(len(block) for block in blocks) <= SAMPLE_RATE
    write_wav(tmp_path / "blocks.wav", iter(blocks), SAMPLE_RATE)
    write_wav(tmp_path / "whole.wav", read_sound(path, 2.5), SAMPLE_RATE)
    written = (tmp_path / "blocks.wav").read_bytes()
    assert written == (tmp_path / "whole.wav").read_bytes()
    assert len(written) == 44 + 2 * round(2.5 * SAMPLE_RATE)


def test_a_video_without_sound_has_none(clips):
    assert read_sound(clips("h264.mp4"), 3.0) is None


def spoil(path, kind, first, last):
    """Overwrites a share of the packets of `video` or `audio` with rubbish."""
    with av.open(str(path)) as container:
        stream = container.streams.best(kind)
        packets = [packet for packet in container.demux(stream) if packet.size]
    data = bytearray(path.read_bytes())
    for packet in packets[round(first * len(packets)) : round(last * len(packets))]:
        data[packet.pos : packet.pos + packet.size] = b"\xff" * packet.size
    path.write_bytes(data)
    return path


def aac_video(path):
    sound = beeping(3.0), RATE, 0.0, "aac"
    return write_video(path, [numbered(index) for index in range(75)], sound=sound)


def test_a_hole_in_the_sound_becomes_silence(tmp_path):
    path = spoil(aac_video(tmp_path / "clip.mp4"), "audio", 0.6, 0.8)
    with pytest.warns(UserWarning, match="silence stands for .* of its .* pieces"):
        sound = read_sound(path, 3.0)
    assert (
        np.abs(sound[round(1.95 * SAMPLE_RATE) : round(2.3 * SAMPLE_RATE)]).max() < 0.01
    )
    assert np.abs(sound[round(2.6 * SAMPLE_RATE) : -4800]).max() > 0.04
    loud = np.flatnonzero(np.abs(sound) > 0.3) / SAMPLE_RATE
    assert loud[0] == pytest.approx(BEEP, abs=0.01)


def test_sound_that_is_mostly_damaged_is_refused(tmp_path):
    path = spoil(aac_video(tmp_path / "clip.mp4"), "audio", 0.1, 0.95)
    with pytest.raises(ValueError, match="sound of .* is damaged.*Leave it out"):
        read_sound(path, 3.0)


def test_damaged_frames_give_way_to_their_neighbours(tmp_path):
    pictures = [numbered(index) for index in range(75)]
    path = write_video(
        tmp_path / "clip.mov", pictures, codec="prores_ks", pix_fmt="yuv422p10le"
    )
    spoil(path, "video", 0.4, 0.48)
    with pytest.warns(UserWarning, match="is damaged: 6 of its pieces"):
        shown = numbers(path)
    assert shown == [*range(30), 29, 29, 29, 36, 36, 36, *range(36, 75)]


def test_a_file_that_was_cut_off_is_read_as_far_as_it_goes(tmp_path):
    pictures = [numbered(index) for index in range(150)]
    path = write_video(
        tmp_path / "clip.mp4", pictures, container_options={"movflags": "faststart"}
    )
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 3 // 5])
    with pytest.warns(UserWarning, match="ends after .* s of the 6.0 s it announces"):
        shown = numbers(path)
    assert 40 < len(shown) < 120
    assert shown == list(range(len(shown)))


def relabelled(path, old, new):
    path.write_bytes(path.read_bytes().replace(old, new))
    return path


def cover_art(path):
    """A song with a picture of its record."""
    with av.open(str(path), "w") as container:
        cover = container.add_stream("mjpeg", rate=25)
        cover.width, cover.height, cover.pix_fmt = 64, 64, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        picture = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), "uint8"))
        packets = [*cover.encode(picture), *cover.encode()]
        container.mux(packets + encode_sound(container, beeping(3.0), RATE, 0.0, "aac"))
    return path


@pytest.fixture
def bad_video(tmp_path):
    """Makes the file that a test asks for by name."""

    def make(kind):
        path = tmp_path / f"{kind}.mp4"
        pictures = [numbered(index) for index in range(60)]
        if kind == "empty":
            path.touch()
        elif kind == "text":
            path.write_bytes(b"no video at all" * 100)
        elif kind == "folder":
            path.mkdir()
        elif kind == "cut":
            write_video(path, pictures)
            path.write_bytes(path.read_bytes()[:-2000])
        elif kind == "sound":
            with av.open(str(path), "w") as container:
                container.mux(encode_sound(container, beeping(3.0), RATE, 0.0, "aac"))
        elif kind == "cover":
            cover_art(path)
        elif kind == "picture":
            path = path.with_suffix(".png")
            cv2.imwrite(str(path), pictures[0])
        elif kind == "short":
            write_video(path, pictures[:45])
        elif kind in ("frameless", "hollow"):
            path = path.with_suffix(".avi") if kind == "frameless" else path
            with av.open(str(path), "w") as container:
                stream = container.add_stream("mpeg4", rate=25)
                stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
                container.start_encoding()
        elif kind == "rubbish":
            write_video(path, pictures, codec="mpeg4")
            spoil(path, "video", 0.0, 1.0)
        elif kind == "encrypted":
            key = "00112233445566778899aabbccddeeff"
            options = {"encryption_scheme": "cenc-aes-ctr", "encryption_key": key}
            options["encryption_kid"] = key
            write_video(path, pictures, container_options=options)
        elif kind == "protected":
            relabelled(write_video(path, pictures), b"avc1", b"drmi")
        elif kind == "unknown":
            relabelled(write_video(path, pictures), b"avc1", b"zzzz")
        elif kind == "slow":
            write_video(path, pictures, rate=Fraction(1, 2))
        elif kind == "fast":
            write_video(path, [pictures[0]] * 700, rate=300, preset="ultrafast")
        elif kind == "timeless":
            path = write_video(path.with_suffix(".h264"), pictures)
        return path

    return make


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("missing", "There is no video file .*missing.mp4"),
        ("folder", "There is no video file .*folder.mp4"),
        ("empty", "is empty. Record or download it again"),
        (
            "text",
            "can be read .Invalid data found when processing input.. Expected a file",
        ),
        ("cut", "cut off lacks its index, so fetch it again"),
        ("sound", "has sound but no picture. Expected a video"),
        ("cover", "has sound but no picture. Expected a video"),
        ("picture", "lasts 0.0 s. Expected at least 2 s"),
        ("short", "lasts 1.8 s. Expected at least 2 s"),
        ("hollow", "hollow.mp4 has no picture. Expected a video"),
        ("frameless", "has no frame that can be decoded. Record"),
        ("rubbish", "has no frame that can be decoded. Record"),
        ("encrypted", "bought or rented is protected"),
        ("protected", "is protected, or .* cannot be decoded. Convert it to H.264"),
        ("unknown", "is protected, or .* cannot be decoded. Convert it to H.264"),
        ("slow", "has 0.5 frames a second. Expected 1 to 240. Convert"),
        ("fast", "has 300 frames a second. Expected 1 to 240. Convert"),
        ("timeless", "does not say when its frames are shown. Give it times"),
    ],
)
def test_a_bad_video_is_refused_in_plain_words(bad_video, kind, message):
    path = bad_video(kind)
    with pytest.raises(ValueError, match=message):
        probe(path)
    with pytest.raises(ValueError, match=message):
        next(read_frames(path))
    with pytest.raises(ValueError, match=message):
        read_sound(path, 2.0)
