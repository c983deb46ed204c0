"""The import directions drawn in README.md, checked."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LAYERS = [  # A module may import from the rows above its own, never below.
    {"files", "quiet"},
    {"controls", "frames", "consent"},
    {"performance", "face_model"},
    {"layers", "losses", "data"},
    {"geometry", "stills", "codes"},
    {"generators", "photo_layers"},
    {"discriminators", "augment"},
    {"gan", "metrics", "agreement", "perceptual", "identity", "callbacks"},
    {"presets", "runs", "pairs", "anchors", "drive", "films", "camera", "warm_start"},
    {"stages"},
    {"train", "render", "demo", "measure", "doctor"},
    {"export"},  # Its own folder; only the last two rows may know of it.
    {"number_types", "results"},
    {"footage_arguments"},
    {"arguments"},
    {"pipeline", "cross_driving", "record", "photo"},
    {"footage_commands"},
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


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_up(path):
    folder, module, *_ = path.relative_to(ROOT).parts
    module = "export" if folder == "export" else module.removesuffix(".py")
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for name in imported_names(node):
            head, target, *_ = [*name.split("."), ""]
            assert head not in ("export", "tests"), f"{path} imports {name}"
            if head == "keras_anchor" and target != "__version__":
                assert target == module or DEPTH[target] < DEPTH[module], (
                    f"{path} imports {name}, which sits at or below it"
                )


def test_every_module_has_a_row():
    modules = {path.stem for path in (ROOT / "keras_anchor").glob("*.py")}
    assert modules - {"__init__"} <= DEPTH.keys()
