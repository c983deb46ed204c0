/**
 * Puts a frame together, four channels at a time: AssemblyScript, for WebAssembly.
 *
 * As `keras_anchor/stills.py` does it: crops are laid into the still, the still is
 * moved, sharpened, corrected and made bytes. Pictures are rows of pixels of four
 * float32, all pointers are bytes.
 */

const PIXEL: usize = 16;
/** Of the table of tanh: from -4 to 4, as fine as an eighth of a byte's step. */
const TABLE_SIZE: i32 = 8192;
const TABLE_REACH: f32 = 4;

/** Fills the table that turns a number before the tanh into a byte. */
export function fillTable(table: usize): void {
  for (let index = 0; index < TABLE_SIZE; index++) {
    const x =
      (((index as f64) + 0.5) * ((2 * TABLE_REACH) as f64)) / TABLE_SIZE - TABLE_REACH;
    const twice = Math.exp(2 * x);
    const value = (twice - 1) / (twice + 1);
    store<u8>(table + index, Math.round((value + 1) * 127.5) as u8);
  }
}

/** Lays a crop into a picture, as far as shares say. */
export function insertCrop(
  picture: usize,
  size: i32,
  crop: usize,
  channels: i32,
  shares: usize,
  left: i32,
  top: i32,
  width: i32,
  height: i32,
): void {
  const stride: usize = 4 * channels;
  for (let row = 0; row < height; row++) {
    let target = picture + PIXEL * ((top + row) * size + left);
    for (let column = 0; column < width; column++) {
      const share = load<f32>(shares);
      if (share > 0) {
        const before = v128.load(target);
        const step = f32x4.sub(v128.load(crop), before);
        v128.store(target, f32x4.add(before, f32x4.mul(step, f32x4.splat(share))));
      }
      crop += stride;
      shares += 4;
      target += PIXEL;
    }
  }
}

/** Turns places into motion: cells of four numbers, x, y, a crop's share, nothing. */
export function readPlaces(
  places: usize,
  numbers: i32,
  cells: i32,
  motion: usize,
): void {
  for (let row = 0; row < cells; row++) {
    for (let column = 0; column < cells; column++) {
      const x = load<f32>(places) - centre(column, cells);
      const y = load<f32>(places + 4) - centre(row, cells);
      const share: f32 = numbers > 2 ? load<f32>(places + 8) : 0;
      v128.store(
        motion,
        f32x4.replace_lane(
          f32x4.replace_lane(f32x4.replace_lane(f32x4.splat(0), 0, x), 1, y),
          2,
          share,
        ),
      );
      places += 4 * numbers;
      motion += PIXEL;
    }
  }
}

function centre(index: i32, count: i32): f32 {
  return (2 * (index as f32) + 1) / (count as f32) - 1;
}

/** Cuts a row out of a picture of `count` rows that is enlarged to `size`. */
function enlargeRow(
  picture: usize,
  count: i32,
  row: i32,
  size: i32,
  line: usize,
): void {
  const place: f32 = (((row as f32) + 0.5) * (count as f32)) / (size as f32) - 0.5;
  const floor = Mathf.floor(place);
  const share = f32x4.splat(place - floor);
  const stride: usize = PIXEL * count;
  let first = picture + stride * max(floor as i32, 0);
  let second = picture + stride * min((floor as i32) + 1, count - 1);
  for (let column = 0; column < count; column++) {
    const before = v128.load(first);
    const step = f32x4.sub(v128.load(second), before);
    v128.store(line, f32x4.add(before, f32x4.mul(step, share)));
    first += PIXEL;
    second += PIXEL;
    line += PIXEL;
  }
}

/** A pixel of a line of `count` that is enlarged; `places` says where each lies. */
function pick(line: usize, places: usize, column: i32): v128 {
  const entry = places + 12 * column;
  const before = v128.load(line + (load<u32>(entry) as usize));
  const after = v128.load(line + (load<u32>(entry + 4) as usize));
  const share = f32x4.splat(load<f32>(entry + 8));
  return f32x4.add(before, f32x4.mul(f32x4.sub(after, before), share));
}

/** For each of `size` columns, where it lies between which of `count`. */
export function fillColumns(places: usize, count: i32, size: i32): void {
  for (let column = 0; column < size; column++) {
    const place: f32 = (((column as f32) + 0.5) * (count as f32)) / (size as f32) - 0.5;
    const floor = Mathf.floor(place);
    store<u32>(places, 16 * max(floor as i32, 0));
    store<u32>(places + 4, 16 * min((floor as i32) + 1, count - 1));
    store<f32>(places + 8, place - floor);
    places += 12;
  }
}

/** Moves a picture, and keeps each pixel's share of a crop in `shares`. */
export function move(
  picture: usize,
  size: i32,
  motion: usize,
  cells: i32,
  columns: usize,
  line: usize,
  moved: usize,
  shares: usize,
): void {
  const half = (size as f32) / 2;
  const limit = f32x4.splat((size as f32) - 1.25);
  const zero = f32x4.splat(0);
  const scale = f32x4.splat(half);
  const stride: usize = PIXEL * size;
  for (let row = 0; row < size; row++) {
    enlargeRow(motion, cells, row, size, line);
    for (let column = 0; column < size; column++) {
      const step = pick(line, columns, column);
      store<f32>(shares, f32x4.extract_lane(step, 2));
      shares += 4;
      const here = f32x4.replace_lane(f32x4.splat(row as f32), 0, column as f32);
      const place = f32x4.min(
        f32x4.max(f32x4.add(here, f32x4.mul(step, scale)), zero),
        limit,
      );
      const corner = i32x4.trunc_sat_f32x4_s(place);
      const inside = f32x4.sub(place, f32x4.convert_i32x4_s(corner));
      const across = f32x4.splat(f32x4.extract_lane(inside, 0));
      const down = f32x4.splat(f32x4.extract_lane(inside, 1));
      const source =
        picture +
        PIXEL * (i32x4.extract_lane(corner, 1) * size + i32x4.extract_lane(corner, 0));
      const a = v128.load(source);
      const b = v128.load(source, 16);
      const c = v128.load(source + stride);
      const d = v128.load(source + stride, 16);
      const above = f32x4.add(a, f32x4.mul(f32x4.sub(b, a), across));
      const below = f32x4.add(c, f32x4.mul(f32x4.sub(d, c), across));
      v128.store(moved, f32x4.add(above, f32x4.mul(f32x4.sub(below, above), down)));
      moved += PIXEL;
    }
  }
}

/** Means of blocks of pixels. */
export function shrink(picture: usize, size: i32, block: i32, small: usize): void {
  const count = size / block;
  const part = f32x4.splat(1 / ((block * block) as f32));
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < count; column++) {
      let sum = f32x4.splat(0);
      for (let y = 0; y < block; y++) {
        let source = picture + PIXEL * ((row * block + y) * size + column * block);
        for (let x = 0; x < block; x++) {
          sum = f32x4.add(sum, v128.load(source));
          source += PIXEL;
        }
      }
      v128.store(small, f32x4.mul(sum, part));
      small += PIXEL;
    }
  }
}

/** Adds an amount of what shrinking a picture took away. */
export function sharpen(
  picture: usize,
  size: i32,
  small: usize,
  count: i32,
  columns: usize,
  line: usize,
  amount: f32,
): void {
  const share = f32x4.splat(amount);
  for (let row = 0; row < size; row++) {
    enlargeRow(small, count, row, size, line);
    for (let column = 0; column < size; column++) {
      const pixel = v128.load(picture);
      const lost = f32x4.sub(pixel, pick(line, columns, column));
      v128.store(picture, f32x4.add(pixel, f32x4.mul(lost, share)));
      picture += PIXEL;
    }
  }
}

/** Pixels of three or four numbers as pixels of four. */
export function widen(source: usize, channels: i32, count: i32, target: usize): void {
  for (let index = 0; index < count; index++) {
    v128.store(target, v128.load(source));
    source += 4 * channels;
    target += PIXEL;
  }
}

/** Adds the residual where no crop is, and writes bytes. */
export function finish(
  moved: usize,
  size: i32,
  shares: usize,
  residual: usize,
  side: i32,
  columns: usize,
  line: usize,
  table: usize,
  isOpaque: bool,
  bytes: usize,
): void {
  const scale = f32x4.splat((TABLE_SIZE as f32) / (2 * TABLE_REACH));
  const middle = f32x4.splat((TABLE_SIZE as f32) / 2);
  const last = f32x4.splat((TABLE_SIZE as f32) - 1);
  const zero = f32x4.splat(0);
  for (let row = 0; row < size; row++) {
    const isWhole = side === size;
    if (isWhole) line = residual + PIXEL * (row * size);
    else enlargeRow(residual, side, row, size, line);
    for (let column = 0; column < size; column++) {
      const more = isWhole
        ? v128.load(line + PIXEL * column)
        : pick(line, columns, column);
      const share = f32x4.splat(1 - load<f32>(shares));
      const value = f32x4.add(v128.load(moved), f32x4.mul(more, share));
      const place = f32x4.add(f32x4.mul(value, scale), middle);
      const index = i32x4.trunc_sat_f32x4_s(f32x4.min(f32x4.max(place, zero), last));
      store<u8>(bytes, load<u8>(table + i32x4.extract_lane(index, 0)));
      store<u8>(bytes + 1, load<u8>(table + i32x4.extract_lane(index, 1)));
      store<u8>(bytes + 2, load<u8>(table + i32x4.extract_lane(index, 2)));
      const alpha: u8 = isOpaque ? 255 : load<u8>(table + i32x4.extract_lane(index, 3));
      store<u8>(bytes + 3, alpha);
      moved += PIXEL;
      shares += 4;
      bytes += 4;
    }
  }
}
