/** How a head turns and where it is, from the tracker's matrix to pose controls. */

// Where head and neck turn, in centimetres of the tracker's face, y down.
const HEAD_JOINT = [0, 2, -3] as const;
const NECK_TO_HEAD = [0, -12, 2] as const;
// The neck follows a turn of the head by this share.
const NECK_SHARE = 0.35;
// An anchor's frame is this wide where the tracker's face is 15.5 wide.
const FRAME_CENTIMETRES = 38.7;

/** Seen by the camera: turns in radians, place and size in parts of the distance. */
export interface Head {
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

type Row = readonly [number, number, number];
type Turn = readonly [Row, Row, Row];

/** Reads the tracker's 4 x 4 matrix: column by column, y up, centimetres. */
export function headOf(matrix: ArrayLike<number>): Head {
  const at = (row: number, column: number) => {
    const isFlipped = (row === 1) !== (column === 1);
    return (isFlipped ? -1 : 1) * (matrix[4 * column + row] ?? 0);
  };
  const row = (index: number): Row => [at(index, 0), at(index, 1), at(index, 2)];
  const turn: Turn = [row(0), row(1), row(2)];
  const joint = apply(turn, HEAD_JOINT);
  const distance = -(joint[2] + at(2, 3));
  return {
    ...anglesOf(turn),
    x: (joint[0] + at(0, 3)) / distance,
    y: (joint[1] + at(1, 3)) / distance,
    size: 1 / distance,
  };
}

/** Pose controls of a head, measured from how it rests. */
export function relativePose(head: Head, rest: Head) {
  const turn = multiply(rotation(head), transpose(rotation(rest)));
  const { yaw, pitch, roll } = anglesOf(turn);
  const neck = rotation({
    yaw: NECK_SHARE * yaw,
    pitch: NECK_SHARE * pitch,
    roll: NECK_SHARE * roll,
  });
  const carried = apply(neck, NECK_TO_HEAD);
  const shift = (place: number, usual: number, axis: 0 | 1) =>
    ((place - usual) / rest.size - carried[axis] + NECK_TO_HEAD[axis]) /
    FRAME_CENTIMETRES;
  return {
    headYaw: yaw,
    headPitch: pitch,
    headRoll: roll,
    headX: shift(head.x, rest.x, 0),
    headY: shift(head.y, rest.y, 1),
    headScale: Math.log(head.size / rest.size),
  };
}

/** Ry Rx Rz; x right, y down, z toward the viewer. */
export function rotation({ yaw, pitch, roll }: Pick<Head, "yaw" | "pitch" | "roll">) {
  const [a, b, c] = [Math.cos(yaw), Math.cos(pitch), Math.cos(roll)];
  const [s, t, u] = [Math.sin(yaw), Math.sin(pitch), Math.sin(roll)];
  return [
    [a * c + s * t * u, s * t * c - a * u, s * b],
    [b * u, b * c, -t],
    [a * t * u - s * c, s * u + a * t * c, a * b],
  ] as const;
}

function anglesOf(turn: Turn) {
  return {
    yaw: Math.atan2(turn[0][2], turn[2][2]),
    pitch: Math.asin(Math.min(Math.max(-turn[1][2], -1), 1)),
    roll: Math.atan2(turn[1][0], turn[1][1]),
  };
}

function apply(turn: Turn, [x, y, z]: Row): Row {
  const dot = (row: Row) => row[0] * x + row[1] * y + row[2] * z;
  return [dot(turn[0]), dot(turn[1]), dot(turn[2])];
}

function transpose([a, b, c]: Turn): Turn {
  return [
    [a[0], b[0], c[0]],
    [a[1], b[1], c[1]],
    [a[2], b[2], c[2]],
  ];
}

function multiply(left: Turn, right: Turn): Turn {
  const columns = transpose(right);
  const row = (one: Row) => apply(columns, one);
  return [row(left[0]), row(left[1]), row(left[2])];
}
