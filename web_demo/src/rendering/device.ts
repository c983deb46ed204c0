/** What this device can do, as far as rendering cares. */

import type { Device } from "./backends";
import { describeGpu, isHardware } from "./gpu";

// More threads wait for each other longer than they compute.
const MAX_THREADS = 4;
// A module whose only function holds a vector.
const SIMD = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0],
  ...[65, 0, 253, 15, 253, 98, 11],
);

interface WebGpu {
  requestAdapter(): Promise<{ readonly info?: { isFallbackAdapter?: boolean } } | null>;
}

export async function examineDevice(): Promise<Device> {
  const hasGpu = isHardware(describeGpu());
  const { gpu } = navigator as Navigator & { gpu?: WebGpu };
  const adapter = hasGpu ? await gpu?.requestAdapter().catch(() => null) : null;
  return {
    hasGpu,
    hasWebGpu: Boolean(adapter && !adapter.info?.isFallbackAdapter),
    hasSimd: WebAssembly.validate(SIMD),
    numThreads: hasThreads() ? Math.min(navigator.hardwareConcurrency, MAX_THREADS) : 1,
  };
}

/** WebKitGTK isolates a page and shares no memory all the same. */
function hasThreads(): boolean {
  return crossOriginIsolated && typeof SharedArrayBuffer !== "undefined";
}
