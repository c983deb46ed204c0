"""The import directions drawn in README.md, checked."""

import ast
import importlib
import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LAYERS = [  # A module may import from the rows above its own, never below.
    {"files", "quiet"},
    {"controls", "frames", "consent"},
    {"performance", "face_model"},
    {"layers", "losses"},
    {"data.ahead", "data.faces", "data.landmarks", "data.crops"},
    {"data.shards"},
    {"data.takes"},
    {"data.presenters", "data.video"},
    {"data.check", "data.capture"},
    {"data.photo"},
    {"geometry", "stills", "codes"},
    {"generators", "photo_layers"},
    {"discriminators", "augment"},
    {"gan", "metrics", "agreement", "perceptual", "identity", "callbacks"},
    {"presets", "runs", "pairs", "anchors", "drive", "films", "camera", "warm_start"},
    {"sharpness", "studio", "film_parts", "scene"},
    {"stages", "tracker_bundle"},
    {"train", "render", "demo", "measure", "doctor"},
    {"script"},
    {"lesson"},
    {"export"},  # Its own folder; only the last two rows may know of it.
    {"number_types", "results"},
    {"footage_arguments", "film_arguments"},
    {"arguments"},
    {"pipeline", "cross_driving", "record", "photo"},
    {"conversation"},
    {"footage_commands", "film_commands"},
    {"cli"},
]
DEPTH = {name: depth for depth, row in enumerate(LAYERS) for name in row}
MODULES = sorted([*ROOT.glob("keras_anchor/**/*.py"), *ROOT.glob("export/*.py")])


def imported_names(node):
    """`a.b.c` for `import a.b.c` and for `from a.b import c`."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def row_of(name, *rest):
    """What stands in `LAYERS` for a module; the rooms of `data` stand there alone."""
    return f"{name}.{rest[0]}" if name == "data" and rest else name


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_up(path):
    folder, *parts = path.relative_to(ROOT).with_suffix("").parts
    module = "export" if folder == "export" else row_of(*parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for name in imported_names(node):
            head, *parts = name.split(".")
            assert head not in ("export", "tests"), f"{path} imports {name}"
            if head == "keras_anchor" and parts != ["__version__"]:
                target = row_of(*parts)
                assert target == module or DEPTH[target] < DEPTH[module], (
                    f"{path} imports {name}, which sits at or below it"
                )


def test_every_module_has_a_row():
    folder = ROOT / "keras_anchor"
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    rooms = {f"data.{path.stem}" for path in folder.glob("data/[a-z]*")}
    assert modules | rooms <= DEPTH.keys()


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("benchmarks/*.py")), ids=lambda path: path.name
)
def test_benchmarks_import_what_is_there(path):
    """Nothing else notices when a module moves that only they use."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module.startswith("keras_anchor"):
            module = importlib.import_module(node.module)
            for alias in node.names:
                is_there = hasattr(module, alias.name) or importlib.util.find_spec(
                    f"{node.module}.{alias.name}"
                )
                assert is_there, f"{node.module} has no {alias.name}"
