r"""How fast, small, steady and true is the page, on this machine, in Chromium?

`python benchmarks/page.py --standard anchors/standard --minutes 10`

speed: frames a second and milliseconds from control to pixel (median, 95th
    percentile) of an anchor at idle, every backend in turn, twice; with the face
    tracker on; of a 512-pixel anchor where one is named.
load: bytes on the wire and milliseconds until the first frame of a first visit.
memory: heap, tensors and dropped frames, minute by minute.
same: pixels of 64 control vectors against Python's, of 255, over mid-grey.
speech: milliseconds from asking for a sentence to its first sound; how far lips and
    sound are apart in a film that the page made of itself, against Python's film of
    the same words.

lighthouse: its scores, 0 to 1, on a desktop and on a phone; npm brings it.

Only those named with `--only` are measured.
"""

import argparse
import base64
import json
import os
import statistics
import subprocess
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path
from shutil import which

import cv2
import numpy as np
from mouth import read_openings

from keras_anchor import controls as ctl
from keras_anchor.anchors import load_anchor
from keras_anchor.data.video.frames import read_frames
from keras_anchor.data.video.probe import probe
from keras_anchor.data.video.sound import SAMPLE_RATE, read_sound
from keras_anchor.demo import build_server
from keras_anchor.drive.text import perform_text
from keras_anchor.render import Renderer, render_film

WEB_DEMO = Path(__file__).parents[1] / "web_demo"
BACKENDS = "litert", "litert-whole", "litert-webgl2", "tfjs-wasm", "tfjs-split"
CAMERA = "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"
TEXT = "Mum bought a big boat, and papa may keep it by the bay."
# Of curves that are compared.
HERTZ = 200
TASKS = "speed", "load", "memory", "same", "speech", "lighthouse"
LIGHTHOUSE = "lighthouse@12.8.2"
NUM_TRIES = 3
CATEGORIES = "performance", "accessibility", "best-practices"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--anchor", help="folder, zip or name")
    parser.add_argument("--standard", help="an anchor of 512 pixels, for `speed`")
    parser.add_argument("--minutes", type=int, default=10, help="of `memory`")
    parser.add_argument("--only", nargs="+", choices=TASKS, default=TASKS)
    options = parser.parse_args()
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        for task in options.only:
            figures[task] = globals()[f"measure_{task}"](options, Path(folder))
            print(json.dumps({task: figures[task]}, indent=1), flush=True)


@contextmanager
def serving(anchor):
    """The address of the page that shows an anchor."""
    with build_server(anchor, host="127.0.0.1", port=0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def visit(anchor, task, **options):
    """What `e2e/measure.mjs` measures on the page that shows an anchor."""
    script = WEB_DEMO / "e2e" / "measure.mjs"
    with serving(anchor) as address:
        command = ["node", script, which("chromium"), address, task]
        run = subprocess.run(
            [*command, json.dumps(options)], stdout=subprocess.PIPE, check=True
        )
    return json.loads(run.stdout)


def measure_speed(options, folder):
    rows = visit(options.anchor, "speed", backends=BACKENDS, seconds=5, rounds=2)
    figures = {"lite": summarize(rows)}
    film = folder / "face.mp4"
    performance = perform_text(" ".join([TEXT] * 3))
    render_film(load_anchor(options.anchor), performance, film)
    camera = write_camera_film(film, folder / "face.y4m")
    args = [*CAMERA, f"--use-file-for-fake-video-capture={camera}"]
    tracked = visit(options.anchor, "tracking", backend="litert", seconds=10, args=args)
    figures["lite, face tracker on"] = summarize([{"backend": "litert", **tracked}])
    if options.standard:
        rows = visit(
            options.standard, "speed", backends=["litert"], seconds=5, rounds=2
        )
        figures["standard"] = summarize(rows)
    return figures


def summarize(rows):
    """Of each backend, the medians over its rounds."""
    keys = "fps", "median", "percentile95"
    backends = dict.fromkeys(row["backend"] for row in rows)
    return {
        backend: {
            key: round(
                statistics.median(r[key] for r in rows if r["backend"] == backend), 1
            )
            for key in keys
        }
        for backend in backends
    }


def write_camera_film(source, path):
    """A film in the form that Chromium plays as a camera."""
    frames = list(read_frames(source))
    height, width = frames[0].shape[:2]
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{width} H{height} F25:1 Ip A1:1 C420jpeg\n".encode())
        for frame in frames:
            file.write(b"FRAME\n")
            file.write(cv2.cvtColor(frame, cv2.COLOR_RGB2YUV_I420).tobytes())
    return path


def measure_load(options, folder):
    figures = {}
    queries = {
        "as chosen": "",
        "TF.js wasm": "backend=tfjs-wasm",
        "TF.js WebGL": "backend=tfjs-webgl",
    }
    for name, query in queries.items():
        rows = visit(options.anchor, "load", query=query, rounds=3)
        sizes = [count_bytes(row["sizes"]) for row in rows]
        figures[name] = {
            "megabytes": round(statistics.median(sizes) / 1e6, 2),
            "first frame": round(
                statistics.median(row["milliseconds"] for row in rows)
            ),
        }
    return figures


def count_bytes(entries):
    """On the wire; what the service worker keeps comes out of the browser's cache."""
    sizes = {}
    for entry in entries:
        sizes[entry["url"]] = max(entry["bytes"], sizes.get(entry["url"], 0))
    return sum(sizes.values())


def measure_memory(options, folder):
    rows = visit(options.anchor, "memory", query="", minutes=options.minutes)
    return [
        {
            "minute": row["minute"],
            "heap MB": round(row["heap"] / 1e6, 1),
            "tensors": row["tensors"],
            "dropped": row["dropped"],
        }
        for row in rows
    ]


def measure_same(options, folder):
    from keras_anchor.export.verify import sample_controls

    anchor, controls = load_anchor(options.anchor), sample_controls()
    path = folder / "controls.json"
    named = [dict(zip(ctl.NAMES, map(float, row), strict=True)) for row in controls]
    path.write_text(json.dumps(named))
    drawn = visit(anchor, "pixels", backends=BACKENDS, controls=str(path))
    renderer = Renderer(anchor)
    expected = np.stack([over_grey(renderer(row)) for row in controls])
    figures = {}
    for backend, rows in drawn.items():
        pixels = [np.frombuffer(base64.b64decode(row), "uint8") for row in rows]
        frames = np.reshape(pixels, (len(rows), anchor.size, anchor.size, 4))
        difference = np.abs(over_grey(frames) - expected).mean((1, 2, 3))
        figures[backend] = {
            "mean": round(float(difference.mean()), 3),
            "worst frame": round(float(difference.max()), 3),
        }
    return figures


def over_grey(pixels):
    """Colour as seen over mid-grey, `(..., 3)`."""
    pixels = np.asarray(pixels, "float32")
    if pixels.shape[-1] == 3:
        return pixels
    alpha = pixels[..., 3:] / 255
    return pixels[..., :3] * alpha + 127.5 * (1 - alpha)


def measure_speech(options, folder):
    recorded, expected = folder / "page.webm", folder / "python.mp4"
    told = visit(options.anchor, "film", text=TEXT, path=str(recorded), times=9)
    performance = perform_text(TEXT, fps=50)
    render_film(load_anchor(options.anchor), performance, expected)
    films = [(envelope(path), lips(path)) for path in (recorded, expected)]
    heard, seen = (find_shift(films[0][part], films[1][part]) for part in (0, 1))
    return {
        "first sound, ms": round(statistics.median(told["firstSounds"])),
        "lips behind sound, ms": round(1e3 * (seen - heard)),
    }


def measure_lighthouse(options, folder):
    """What `npx lighthouse` says of the page."""
    flags = "--chrome-flags=--headless=new --no-sandbox --disable-quic"
    figures = {}
    with serving(options.anchor) as address:
        for device, preset in {"desktop": ["--preset=desktop"], "phone": []}.items():
            path = folder / f"{device}.json"
            command = ["npx", "--yes", LIGHTHOUSE, address, *preset, flags, "--quiet"]
            output = ["--output=json", f"--output-path={path}"]
            command += [*output, f"--only-categories={','.join(CATEGORIES)}"]
            environment = {**os.environ, "CHROME_PATH": which("chromium")}
            # It loses the beginning of a page at times, and then asks for another try.
            for _ in range(NUM_TRIES):
                if not subprocess.run(command, env=environment).returncode:
                    break
            categories = json.loads(path.read_text())["categories"]
            figures[device] = {name: categories[name]["score"] for name in CATEGORIES}
    return figures


def envelope(path):
    """How loud a film is, `HERTZ` times a second."""
    sound = read_sound(path, probe(path).seconds)
    size = SAMPLE_RATE // HERTZ
    blocks = sound[: len(sound) // size * size].reshape(-1, size)
    return np.sqrt(np.mean(blocks**2, 1))


def lips(path):
    """How far the lips stand apart, `HERTZ` times a second."""
    openings = read_openings(path)
    times = (np.arange(len(openings)) + 0.5) / probe(path).fps
    return np.interp(np.arange(0, times[-1], 1 / HERTZ), times, openings)


def find_shift(late, early):
    """Seconds by which one curve lags behind another, where both agree best."""
    late, early = (curve - curve.mean() for curve in (late, early))
    products = np.correlate(late, early, "full")
    return (int(np.argmax(products)) - (len(early) - 1)) / HERTZ


if __name__ == "__main__":
    main()
