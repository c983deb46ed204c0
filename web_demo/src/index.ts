/** The npm package: an anchor in the browser, on the viewer's own device. */

export type { Anchor } from "./anchor";
export { type AnchorFiles, openAnchor } from "./anchor_files";
export type { Control, Schema, Values } from "./controls";
export { define, VirtualAnchorElement } from "./element";
export { Failure } from "./failures";
export { Microphone } from "./hearing/microphone";
export { SoundFile } from "./hearing/sound_file";
export type { Latency } from "./latency";
export type { Mixer, Role, Source } from "./mixer";
export { type Performance, readCsv, sample, writeCsv } from "./performance";
export {
  type LoadOptions,
  load,
  type SpeakOptions,
  type VirtualAnchor,
} from "./virtual_anchor";
