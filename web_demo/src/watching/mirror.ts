/** The same face in a mirror. */

// Those that a mirror turns around; left and right it exchanges.
const TURNED = /^(head(Yaw|Roll|X)|torso(X|Roll))$/;

export function mirror(values: Readonly<Record<string, number>>) {
  const mirrored: Record<string, number> = {};
  for (const [name, value] of Object.entries(values)) {
    const other = name.replace(/Left|Right/, (side) =>
      side === "Left" ? "Right" : "Left",
    );
    mirrored[other] = TURNED.test(name) ? -value : value;
  }
  return mirrored;
}
