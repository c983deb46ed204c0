/** What tests read off the disk; the page itself knows no files. */

declare module "node:fs" {
  export function readFileSync(path: URL): Uint8Array<ArrayBuffer>;
}
