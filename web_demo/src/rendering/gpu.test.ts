import { expect, test } from "vitest";
import { isHardware } from "./gpu";

test("a renderer that draws on the CPU is no GPU", () => {
  const software = "ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero)))";
  expect(isHardware(software)).toBe(false);
  expect(isHardware("llvmpipe (LLVM 15.0.6, 256 bits)")).toBe(false);
  expect(isHardware(null)).toBe(false);
});

test("others are", () => {
  expect(isHardware("ANGLE (Apple, ANGLE Metal Renderer: Apple M2)")).toBe(true);
  expect(isHardware("Adreno (TM) 740")).toBe(true);
});
