/** What the address asks for, such as `?backend=litert&idle=0`. */

export interface Options {
  /** One way to render; null: the fastest one here. */
  readonly backend: string | null;
  readonly language: string | null;
  /** Whether the anchor moves by itself. */
  readonly idle: boolean;
  /** Only the anchor, for OBS. */
  readonly obs: boolean;
  readonly mark: boolean;
  readonly microphone: boolean;
  readonly camera: boolean;
  /** The name of a background, or a CSS colour; null: the studio, or none in OBS. */
  readonly background: string | null;
}

export function readOptions(query: string): Options {
  const asked = new URLSearchParams(query);
  const isOn = (name: string, otherwise: boolean) => {
    const value = asked.get(name);
    return value === null ? otherwise : value !== "0";
  };
  return {
    backend: asked.get("backend"),
    language: asked.get("lang"),
    idle: isOn("idle", true),
    obs: isOn("obs", false),
    mark: isOn("mark", true),
    microphone: isOn("microphone", false),
    camera: isOn("camera", false),
    background: asked.get("background"),
  };
}

/** This page's address with one thing asked for differently. */
export function addressWith(address: string, name: string, value: string): string {
  const url = new URL(address);
  url.searchParams.set(name, value);
  return url.href;
}
