import { expect, test } from "vitest";
import { readLines, readUtterance } from "./server_voices";

function stream(...chunks: Uint8Array<ArrayBuffer>[]) {
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

test("lines come as soon as they are whole, wherever the bytes were cut", async () => {
  const bytes = new TextEncoder().encode('{"a":"你好"}\n\n{"b":1}\n{"c":2}');
  for (let cut = 0; cut <= bytes.length; cut++) {
    const lines = [];
    for await (const line of readLines(stream(bytes.slice(0, cut), bytes.slice(cut)))) {
      lines.push(line);
    }
    expect(lines).toEqual(['{"a":"你好"}', '{"b":1}', '{"c":2}']);
  }
});

test("the first line does not wait for the second", async () => {
  const never = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => controller.enqueue(new TextEncoder().encode("1\n2")),
  });
  for await (const line of readLines(never)) {
    expect(line).toBe("1");
    break;
  }
});

test("sound is read from little-endian bytes", () => {
  const line = JSON.stringify({
    text: "Hi",
    sample_rate: 8000,
    sound: btoa(String.fromCharCode(0x00, 0x80, 0xff, 0x7f, 0x00, 0x00)),
    fps: 25,
    names: ["jawOpen"],
    controls: [[0.5]],
  });
  const { sound, sampleRate, performance, text } = readUtterance(line);
  expect([...sound]).toEqual([-1, 32767 / 32768, 0]);
  expect([sampleRate, text]).toEqual([8000, "Hi"]);
  expect(performance).toEqual({ fps: 25, names: ["jawOpen"], controls: [[0.5]] });
});

test("a line that tells of a failure is an error", () => {
  expect(() => readUtterance('{"error": "No such mood."}')).toThrow("No such mood.");
  expect(() => readUtterance('{"text": "Hi", "sou')).toThrow(/broke off/);
});
