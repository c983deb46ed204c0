/** Small pictures of what a tab does, drawn in lines of 24 by 24. */

const NAMESPACE = "http://www.w3.org/2000/svg";

const PATHS = {
  speak: "M4 5h16v11H11l-4 4v-4H4z M8 9h8 M8 12h5",
  mirror: "M3 8h4l2-3h6l2 3h4v12H3z M12 17a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z",
  listen:
    "M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3z M5 11a7 7 0 0 0 14 0 M12 18v3",
  face: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z M9 10v.01 M15 10v.01 M8.5 14.5a4.5 4.5 0 0 0 7 0",
  scene: "M4 5h16v14H4z M4 16l4.5-4.5L13 16l3-3 4 4 M15.5 9.5v.01",
  record: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
} as const;

export type Icon = keyof typeof PATHS;

export function buildIcon(name: Icon): SVGElement {
  const icon = document.createElementNS(NAMESPACE, "svg");
  icon.setAttribute("viewBox", "0 0 24 24");
  icon.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(NAMESPACE, "path");
  path.setAttribute("d", PATHS[name]);
  icon.append(path);
  return icon;
}
