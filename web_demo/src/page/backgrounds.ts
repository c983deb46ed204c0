/** The sheet Scene: what is behind an anchor that has alpha. */

import { build, buildFileButton, setLabel, worded } from "./elements";
import { attempt } from "./notices";
import type { Background, Scene } from "./scene";
import { Complaint, type Key } from "./words";

const COLOURS = { white: "#ffffff", black: "#101114", green: "#00b140" } as const;
const PICTURES = "image/png,image/jpeg,image/webp,image/avif";

export interface Backgrounds {
  readonly element: HTMLElement;
  takePicture(file: File): Promise<void>;
}

/** `asked` is a background's name or a CSS colour, from the address. */
export function buildBackgrounds(
  scene: Scene,
  hasAlpha: boolean,
  asked: string | null,
): Backgrounds {
  const element = build("div", "");
  const grid = build("div", "scenes");
  grid.setAttribute("role", "group");
  setLabel(grid, "backgrounds");
  const buttons: HTMLElement[] = [];

  function choose(button: HTMLElement, background: Background) {
    scene.choose(background);
    for (const other of buttons) {
      const isChosen = other === button;
      other.dataset.chosen = String(isChosen);
      // A colour's tile holds an input, which says its colour itself.
      if (other.matches("button")) other.setAttribute("aria-pressed", String(isChosen));
    }
  }

  function add(key: Key, look: string, onChoose: (tile: HTMLElement) => void) {
    const tile = build("button", "tile");
    tile.type = "button";
    tile.dataset.look = look;
    tile.append(build("span", "swatch"), worded("span", "", key));
    tile.addEventListener("click", () => onChoose(tile));
    buttons.push(tile);
    grid.append(tile);
    return tile;
  }

  const tiles: Record<string, HTMLElement> = {
    studio: add("background_studio", "studio", (tile) =>
      choose(tile, { kind: "studio" }),
    ),
    transparent: add("background_transparent", "transparent", (tile) =>
      choose(tile, { kind: "transparent" }),
    ),
  };
  for (const [name, colour] of Object.entries(COLOURS)) {
    tiles[name] = add(`background_${name}` as Key, name, (tile) =>
      choose(tile, { kind: "colour", colour }),
    );
  }
  const { tile: any, picker } = buildPicker((colour) =>
    choose(any, { kind: "colour", colour }),
  );
  buttons.push(any);
  grid.append(any);

  async function takePicture(file: File) {
    choose(picture, { kind: "picture", picture: await loadPicture(file) });
  }

  const files = buildFileButton("background_picture", PICTURES, (file) => {
    attempt(picture, () => takePicture(file));
  });
  const picture = add("background_picture", "picture", () => files.input.click());
  tiles.camera = add("background_camera", "camera", (tile) =>
    attempt(tile, async () => {
      choose(tile, { kind: "camera", video: await openCamera() });
    }),
  );
  if (hasAlpha)
    element.append(grid, files.input, worded("p", "hint", "background_hint"));
  else element.append(worded("p", "hint", "background_opaque"));
  const tile = tiles[asked ?? "studio"];
  if (tile) tile.click();
  else if (asked && CSS.supports("color", asked)) {
    choose(any, { kind: "colour", colour: asked });
    picker.value = asked;
  } else tiles.studio?.click();
  return { element, takePicture };
}

function buildPicker(onInput: (colour: string) => void) {
  const picker = build("input");
  picker.type = "color";
  picker.value = "#7c5cff";
  const tile = build("label", "tile", picker, worded("span", "", "background_any"));
  tile.dataset.look = "any";
  picker.addEventListener("input", () => onInput(picker.value));
  return { tile, picker };
}

async function loadPicture(file: File): Promise<HTMLImageElement> {
  const picture = build("img");
  picture.alt = "";
  picture.src = URL.createObjectURL(file);
  await picture.decode().catch(() => {
    URL.revokeObjectURL(picture.src);
    throw new Complaint("picture_unreadable", { name: file.name });
  });
  return picture;
}

async function openCamera(): Promise<HTMLVideoElement> {
  const video = build("video");
  video.muted = true;
  video.playsInline = true;
  const wanted = { video: { width: 640, height: 480 } };
  video.srcObject = await navigator.mediaDevices.getUserMedia(wanted).catch((error) => {
    // The second is WebKit's.
    const isMissing = ["NotFoundError", "OverconstrainedError"].includes(error.name);
    throw new Complaint(isMissing ? "backdrop_cameraless" : "backdrop_refused");
  });
  await video.play();
  return video;
}
