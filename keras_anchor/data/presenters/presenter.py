"""The built-in presenters: a 3D head and shoulders drawn from controls."""

from functools import cached_property
from pathlib import Path

import cv2
import numpy as np

from keras_anchor.controls import INDEX
from keras_anchor.face_model import FaceModel

ASSETS = Path(__file__).parents[2] / "assets" / "presenters"
# In the order they are drawn: what lets light through comes last.
KINDS = ("skin", "teeth", "tongue", "eyes", "clothes", "eyebrows", "eyelashes", "hair")
SHADER_KINDS = dict(
    skin=0, hair=1, eyes=2, eyebrows=3, eyelashes=3, clothes=4, teeth=5, tongue=6
)
KEY_LIGHT = np.array([-0.50, -0.58, 0.65])
SHADOW_SIZE = 640
# Before the 2 x 2 means of `Presenter.render`.
SOFTEN = np.array([0.25, 0.5, 0.25], "float32")
# How far a full breath lifts the shoulders and swells the chest, in half frames.
BREATH = np.array([0.0, -0.012, 0.010])


def names():
    """The presenters that are there."""
    return sorted(path.stem for path in ASSETS.glob("*.npz"))


class Presenter:
    """A head and shoulders that obey controls exactly.

    Args:
        name: One of `names()`.
    """

    def __init__(self, name):
        if name not in names():
            raise ValueError(f"Unknown presenter {name!r}. Known: {names()}.")
        self.name = name
        with np.load(ASSETS / f"{name}.npz") as arrays:
            self.baked = dict(arrays)
        baked = self.baked
        shapes = np.zeros((len(INDEX), len(baked["vertices"]), 3), "float32")
        rows = [INDEX[shape] for shape in baked["shape_names"]]
        for row, shape in zip(rows, baked["shapes"], strict=True):
            shapes[row, baked["shape_vertices"]] = shape * baked["shape_step"]
        shapes[INDEX["breath"]] = baked["skin"][:, :1] * BREATH
        vertices, offsets, skin = [baked["vertices"]], [shapes], [baked["skin"]]
        self.spans = {"skin": slice(0, len(baked["vertices"]))}
        for kind in KINDS[1:]:
            references = baked[f"{kind}_references"]
            weights = baked[f"{kind}_weights"][..., None]
            start = sum(map(len, vertices))
            self.spans[kind] = slice(start, start + len(references))
            places = (weights * baked["vertices"][references]).sum(1)
            vertices.append(places + baked[f"{kind}_offsets"])
            offsets.append((weights * shapes[:, references]).sum(2))
            skin.append((weights * baked["skin"][references]).sum(1))
        skin = np.concatenate(skin)
        corner = np.zeros(4, "float32")
        self.rig = FaceModel(
            neutral=np.concatenate(vertices),
            offsets=np.concatenate(offsets, 1),
            skin=skin / skin.sum(1, keepdims=True),
            joints=baked["joints"],
            distance=baked["distance"],
            mouth_box=corner,
            eyes_box=corner,
            face_box=corner,
        )
        # Most vertices of most shapes stand still: keep those that move.
        self.moving = np.flatnonzero(np.abs(self.rig.offsets).max((0, 2)) > 1e-6)
        self.moves = self.rig.offsets[:, self.moving].reshape(len(INDEX), -1)

    def positions(self, controls):
        """Vertices `(num_vertices, 3)` for controls `(62,)`."""
        shape = self.rig.neutral.copy()
        shape[self.moving] += (controls @ self.moves).reshape(-1, 3)
        return self.rig.move(shape[None], self.rig.skin, controls[None])[0]

    def render(self, controls, size=256):
        """The frame `(size, size, 4)`, uint8 RGBA with straight alpha.

        Drawn at twice the size, then reduced.

        Args:
            controls: `(62,)`.
        """
        if self.canvas.size != 2 * size:
            self.canvas = Canvas(self, 2 * size)
        premultiplied = self.canvas.draw(self.positions(np.asarray(controls)))
        # Plain 2 x 2 means leave the seam of the lips and the gaps of teeth dotted,
        # which looks poor and cannot be learned: four pixels, the inner ones thrice.
        soft = cv2.sepFilter2D(premultiplied, -1, SOFTEN, SOFTEN)
        small = cv2.resize(soft, (size, size), interpolation=cv2.INTER_AREA)
        alpha = np.maximum(small[..., 3:], 1e-3)
        colour = np.clip(small[..., :3] / alpha, 0.0, 1.0)
        small = np.concatenate([colour, small[..., 3:]], -1)
        return np.rint(255.0 * small).astype("uint8")

    @cached_property
    def canvas(self):
        return Canvas(self, 512)


class Canvas:
    """OpenGL without a screen: meshes, textures and a shadow map.

    Args:
        presenter: Whose meshes to draw.
        size: Side of the square picture, in pixels.
    """

    def __init__(self, presenter, size):
        try:
            import moderngl
        except ModuleNotFoundError:
            raise ModuleNotFoundError(
                "Drawing a presenter needs moderngl: "
                '`pip install "keras-anchor[presenter]"`.'
            ) from None
        try:
            self.context = moderngl.create_standalone_context(backend="egl")
        except Exception as error:
            raise OSError(
                "No OpenGL here. On Debian or Ubuntu: "
                "`apt-get install libegl1 libegl-mesa0 libgl1-mesa-dri`."
            ) from error
        self.presenter, self.size = presenter, size
        folder = Path(__file__).parent
        self.program = self.context.program(
            vertex_shader=(folder / "presenter_vertex.glsl").read_text(),
            fragment_shader=(folder / "presenter_fragment.glsl").read_text(),
        )
        self.picture = self.context.framebuffer(
            [self.context.renderbuffer((size, size), 4)],
            self.context.depth_renderbuffer((size, size)),
        )
        self.shadow = self.context.depth_texture((SHADOW_SIZE, SHADOW_SIZE))
        self.shadow.compare_func = ""
        self.shadow_frame = self.context.framebuffer(depth_attachment=self.shadow)
        baked = presenter.baked
        self.mouth_mask = self.texture(baked["mouth_mask"])
        self.meshes = {kind: self.mesh(kind) for kind in KINDS}
        lips = presenter.rig.offsets[INDEX["mouthPucker"], : len(baked["vertices"])]
        self.lips = np.argsort(-np.abs(lips).max(1))[:200]
        self.program["light"].write(key_light_matrix().T.astype("f4").tobytes())
        self.program["distance_"].value = float(presenter.rig.distance)
        self.program["mouth_mask"].value = 1
        self.program["shadow_map"].value = 2
        self.program["grain"].value = 3
        self.grain = self.context.texture((256, 256), 3, grain().tobytes())
        self.grain.build_mipmaps()

    def texture(self, encoded):
        pixels = cv2.imdecode(encoded, cv2.IMREAD_UNCHANGED)
        if pixels.shape[-1] == 4:
            pixels = cv2.cvtColor(pixels, cv2.COLOR_BGRA2RGBA)
        else:
            pixels = cv2.cvtColor(pixels, cv2.COLOR_BGR2RGBA)
        texture = self.context.texture(pixels.shape[1::-1], 4, pixels.tobytes())
        texture.build_mipmaps()
        texture.anisotropy = 8.0
        return texture

    def mesh(self, kind):
        baked = self.presenter.baked
        corners = baked[f"{kind}_vertices"].astype("int64")
        indices = baked[f"{kind}_triangles"].astype("int32")
        buffer = self.context.buffer(reserve=len(corners) * 24, dynamic=True)
        array = self.context.vertex_array(
            self.program,
            [
                (buffer, "3f 3f", "position", "normal"),
                (
                    self.context.buffer(baked[f"{kind}_uvs"].astype("f4").tobytes()),
                    "2f",
                    "uv",
                ),
            ],
            self.context.buffer(indices.tobytes()),
        )
        texture = self.texture(baked[f"{kind}_texture"])
        tint = {"hair": "hair_tint", "clothes": "cloth_tint"}.get(kind)
        tint = tuple(map(float, baked[tint])) if tint else (1.0, 1.0, 1.0)
        return corners, corners[indices], buffer, array, texture, tint

    def draw(self, positions):
        """Draws vertices `(n, 3)`: premultiplied float RGBA in `[0, 1]`."""
        import moderngl

        self.context.enable(moderngl.DEPTH_TEST)
        for kind, (corners, triangles, buffer, *_) in self.meshes.items():
            part = positions[self.presenter.spans[kind]]
            data = np.concatenate([part, vertex_normals(part, triangles)], 1)
            buffer.write(data[corners].astype("f4").tobytes())
        self.program["lips_z"].value = float(positions[self.lips, 2].max())
        self.shadow_frame.use()
        self.shadow_frame.clear()
        self.program["from_light"].value = True
        for kind in ("skin", "clothes", "hair"):
            self.draw_mesh(kind)
        self.program["from_light"].value = False
        self.picture.use()
        self.picture.clear()
        self.mouth_mask.use(1)
        self.shadow.use(2)
        self.grain.use(3)
        self.context.enable(moderngl.BLEND)
        # Colour ends up premultiplied, which is what averaging pixels needs.
        self.context.blend_func = (
            *(moderngl.SRC_ALPHA, moderngl.ONE_MINUS_SRC_ALPHA),
            *(moderngl.ONE, moderngl.ONE_MINUS_SRC_ALPHA),
        )
        for kind in KINDS:
            self.draw_mesh(kind)
        self.picture.depth_mask = False
        self.draw_mesh("hair", is_soft_pass=True)
        self.picture.depth_mask = True
        self.context.disable(moderngl.BLEND)
        pixels = np.frombuffer(self.picture.read(components=4), "uint8")
        return pixels.reshape(self.size, self.size, 4)[::-1].astype("f4") / 255.0

    def draw_mesh(self, kind, is_soft_pass=False):
        *_, array, texture, tint = self.meshes[kind]
        self.program["kind"].value = SHADER_KINDS[kind]
        self.program["is_soft_pass"].value = is_soft_pass
        self.program["tint"].value = tint
        texture.use(0)
        array.render()


def vertex_normals(positions, triangles):
    """Unit normals `(n, 3)`, each the area-weighted mean of its triangles'."""
    a, b, c = (positions[triangles[:, corner]] for corner in range(3))
    # y points down, so the order is turned round.
    faces = np.cross(c - a, b - a)
    normals = np.stack(
        [
            np.bincount(triangles.T.ravel(), np.tile(faces[:, axis], 3), len(positions))
            for axis in range(3)
        ],
        1,
    )
    return normals / (np.linalg.norm(normals, axis=1, keepdims=True) + 1e-9)


def grain(size=256, seed=0):
    """Tiling noise `(size, size, 3)` uint8: heights, slopes along x, along y."""
    heights = np.random.default_rng(seed).normal(size=(size, size)).astype("float32")
    padded = cv2.GaussianBlur(np.tile(heights, (3, 3)), (0, 0), 1.6)
    heights = padded[size : 2 * size, size : 2 * size]
    slopes = [np.roll(heights, -1, axis) - heights for axis in (1, 0)]
    layers = [layer / (6.0 * layer.std()) + 0.5 for layer in (heights, *slopes)]
    return np.rint(255.0 * np.clip(np.stack(layers, -1), 0.0, 1.0)).astype("uint8")


def key_light_matrix():
    """Orthographic `(4, 4)` from half frames to the key light's clip space."""
    toward = KEY_LIGHT / np.linalg.norm(KEY_LIGHT)
    right = np.cross([0.0, 1.0, 0.0], toward)
    right /= np.linalg.norm(right)
    up = np.cross(toward, right)
    matrix = np.eye(4)
    matrix[:3, :3] = np.stack([right / 1.5, up / 1.5, -toward / 3.0])
    return matrix
