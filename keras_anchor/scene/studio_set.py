"""A news studio that nobody built, out of focus behind the anchor."""

import cv2
import numpy as np

NIGHT, DUSK = (7.0, 12.0, 26.0), (20.0, 37.0, 70.0)
SCREEN_LOW, SCREEN_HIGH = (13.0, 32.0, 68.0), (46.0, 98.0, 156.0)
WING, LAMP, WARM = (34.0, 58.0, 100.0), (170.0, 214.0, 255.0), (255.0, 176.0, 104.0)
# Heights of the wall's edges and of the floor, in frame heights from the middle.
TOP, BOTTOM, FLOOR = -0.44, 0.27, 0.33
# Share of the half width where the side walls begin, and how much taller they grow.
WINGS, PERSPECTIVE = 0.74, 0.30
DRAWN_HEIGHT, BLUR = 540, 0.0095


def make_studio(width, height):
    """Draws the studio for a frame, uint8 `(height, width, 3)`.

    It is drawn small, since all of it is soft, and dithered, so that its gradients
    show no steps in 8 bits.
    """
    scale = min(1.0, DRAWN_HEIGHT / height)
    canvas = Canvas(max(8, round(width * scale)), max(8, round(height * scale)))
    draw_wall(canvas)
    draw_wings(canvas)
    draw_lamps(canvas)
    picture = reflect_floor(canvas)
    picture = cv2.GaussianBlur(picture, (0, 0), BLUR * canvas.height)
    picture *= canvas.vignette()
    picture = cv2.resize(picture, (width, height), interpolation=cv2.INTER_CUBIC)
    rng = np.random.default_rng(0)
    grain = rng.random((2, height, width), "float32")
    picture += (grain[0] - grain[1])[..., None]
    return np.clip(picture + 0.5, 0.0, 255.0).astype("uint8")


# Light that falls across the wall: where it starts, its width, in shares of the wall's
# half; its strength.
BEAMS = (-0.75, 0.2, 0.09), (-0.2, 0.34, 0.12), (0.42, 0.12, 0.09)


class Canvas:
    """A float picture with coordinates in frame heights from the middle."""

    def __init__(self, width, height):
        self.width, self.height = width, height
        self.half = 0.5 * width / height
        rows = (np.arange(height, dtype="float32") + 0.5) / height - 0.5
        columns = ((np.arange(width, dtype="float32") + 0.5) - width / 2) / height
        self.x, self.y = columns[None, :], rows[:, None]
        shade = np.clip(1.0 - np.abs(self.y - 0.05) / 0.6, 0.0, 1.0)[..., None]
        self.picture = mix(NIGHT, DUSK, np.broadcast_to(shade, (height, width, 1)))

    def mask(self, *points):
        """A polygon, antialiased, `(height, width, 1)` in `[0, 1]`."""
        corners = [
            [(x + self.half) * self.height, (y + 0.5) * self.height] for x, y in points
        ]
        mask = np.zeros((self.height, self.width), "uint8")
        corners = np.rint(np.array(corners) * 256).astype("int32")
        cv2.fillConvexPoly(mask, corners, 255, cv2.LINE_AA, shift=8)
        return mask[..., None] / np.float32(255)

    def lay(self, mask, colour):
        self.picture += mask * (np.asarray(colour, "float32") - self.picture)

    def shine(self, light, colour):
        """Adds light `(height, width)`."""
        self.picture += light[..., None] * np.asarray(colour, "float32")

    def vignette(self):
        far = np.hypot(self.x / self.half, self.y / 0.5)
        return (1.0 - 0.26 * np.clip(far - 0.5, 0.0, 1.0))[..., None]


def mix(low, high, share):
    return (np.asarray(low) + share * np.subtract(high, low)).astype("float32")


def draw_wall(canvas):
    """The wall of screens, a light falling over it, and the seams between them."""
    x, y, edge = canvas.x, canvas.y, WINGS * canvas.half
    glow = np.exp(-0.5 * ((x / (0.72 * edge)) ** 2 + ((y + 0.06) / 0.26) ** 2))
    colour = mix(SCREEN_LOW, SCREEN_HIGH, glow[..., None])
    wall = canvas.mask((-edge, TOP), (edge, TOP), (edge, BOTTOM), (-edge, BOTTOM))
    canvas.lay(wall, colour)
    for start, width, strength in BEAMS:
        left, right = start * edge, (start + width) * edge
        beam = canvas.mask(
            (left, BOTTOM), (right, BOTTOM), (right + 0.3, TOP), (left + 0.3, TOP)
        )
        beam = cv2.GaussianBlur(beam, (0, 0), 0.015 * canvas.height)
        canvas.shine(strength * beam * wall[..., 0], SCREEN_HIGH)
    # Rings, as of a globe, half out of the picture.
    ring = np.hypot(x - 0.62 * edge, y + 0.02)
    for radius in (0.12, 0.19, 0.27, 0.36):
        line = np.exp(-0.5 * ((ring - radius) / 0.0035) ** 2) * wall[..., 0]
        canvas.shine(0.11 * line, LAMP)
    for number in range(-3, 4):
        seam = np.exp(-0.5 * ((x - number * edge / 3.5) / 0.0025) ** 2) * wall[..., 0]
        canvas.picture *= 1.0 - 0.22 * seam[..., None]


def draw_wings(canvas):
    """Side walls that come towards the camera, with slats that catch light."""
    edge, outer = WINGS * canvas.half, canvas.half + 0.02
    grown = PERSPECTIVE * (outer - edge)
    for side in (-1, 1):
        near, far = side * outer, side * (edge + 0.012)
        wing = canvas.mask(
            (far, TOP - 0.01),
            (near, TOP - 0.01 - grown),
            (near, BOTTOM + 0.02 + grown),
            (far, BOTTOM + 0.02),
        )
        across = np.clip((side * canvas.x - edge) / (outer - edge), 0.0, 1.0)
        slats = 0.5 + 0.5 * np.cos(2 * np.pi * 4 * across**0.8)
        shine = (0.35 + 0.65 * slats) * np.exp(-1.6 * across) * np.ones_like(canvas.y)
        canvas.lay(wing, mix(NIGHT, WING, 0.5 + 0.9 * shine[..., None]))


def draw_lamps(canvas):
    """Strips along the wall, warm columns at its ends."""
    x, y, edge = canvas.x, canvas.y, WINGS * canvas.half
    is_wall = soft_step((edge + 0.004 - np.abs(x)) / 0.004)
    for level, strength in ((TOP - 0.012, 0.75), (BOTTOM + 0.012, 0.55)):
        canvas.shine(strength * glow(y - level, 0.0042) * is_wall, LAMP)
    is_high = soft_step((y - TOP + 0.01) / 0.01) * soft_step((BOTTOM + 0.01 - y) / 0.01)
    for side in (-1, 1):
        canvas.shine(0.62 * glow(x - side * edge, 0.0045) * is_high, WARM)


def reflect_floor(canvas):
    """The floor mirrors what stands on it, dimly and drawn out."""
    row = round((FLOOR + 0.5) * canvas.height)
    num_rows = canvas.height - row
    mirrored = canvas.picture[row - num_rows : row][::-1]
    mirrored = cv2.GaussianBlur(
        mirrored, (0, 0), sigmaX=0.006 * canvas.height, sigmaY=0.035 * canvas.height
    )
    fade = np.linspace(0.42, 0.12, num_rows, dtype="float32")[:, None, None]
    picture = canvas.picture
    picture[row:] = 0.45 * picture[row:] + fade * mirrored
    return picture


def glow(distance, width):
    """A lamp's bright line, and the halo around it."""
    line = np.exp(-0.5 * (distance / width) ** 2)
    return line + 0.20 * np.exp(-np.abs(distance) / (8 * width))


def soft_step(distance):
    """From 0 below -1 to 1 above 1."""
    share = np.clip(0.5 + 0.5 * distance, 0.0, 1.0)
    return share * share * (3.0 - 2.0 * share)
