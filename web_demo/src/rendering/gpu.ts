/** Whether a browser has a GPU, or only acts as if. */

// Renderers that draw WebGL on the CPU: seconds a frame, where WebAssembly takes tens
// of milliseconds.
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/**
 * The name of the WebGL renderer, or null where there is none.
 *
 * Workers draw, and some browsers have WebGL for canvases of the page alone.
 */
export function describeGpu(): string | null {
  const context = new OffscreenCanvas(1, 1).getContext("webgl2");
  if (!context) return null;
  const names = context.getExtension("WEBGL_debug_renderer_info");
  const name = context.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER);
  context.getExtension("WEBGL_lose_context")?.loseContext();
  return name;
}

export function isHardware(renderer: string | null): boolean {
  return renderer !== null && !SOFTWARE.test(renderer);
}
