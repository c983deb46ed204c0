/** Pictures of a video as they come: the newest one, and never two at a time. */

// The face is enlarged or reduced to 256 anyhow.
const MAX_WIDTH = 320;
// Where a browser does not tell when a picture came.
const FALLBACK_SECONDS = 1 / 30;

type Look = (picture: ImageBitmap, seconds: number) => Promise<void>;

/**
 * Calls `look` with a picture and its time, and waits for it; pictures that come
 * meanwhile are left out, but for the last.
 *
 * Ends when `signal` says so; throws what `look` throws.
 */
export async function followVideo(
  video: HTMLVideoElement,
  look: Look,
  signal: AbortSignal,
) {
  while (!signal.aborted) {
    const next = waitForPicture(video);
    const { videoWidth, videoHeight } = video;
    if (videoWidth) {
      const resizeWidth = Math.min(videoWidth, MAX_WIDTH);
      const resizeHeight = Math.round((videoHeight * resizeWidth) / videoWidth);
      const size = { resizeWidth, resizeHeight };
      const seconds = performance.now() / 1000;
      await look(await createImageBitmap(video, size), seconds);
    }
    await next;
  }
}

function waitForPicture(video: HTMLVideoElement): Promise<void> {
  return new Promise((resolve) => {
    if (video.requestVideoFrameCallback) {
      video.requestVideoFrameCallback(() => resolve());
    } else {
      setTimeout(resolve, 1000 * FALLBACK_SECONDS);
    }
  });
}
