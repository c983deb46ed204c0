/** A camera that is opened, watched, and let go; every refusal has a sentence. */

const REFUSALS: Readonly<Record<string, string>> = {
  NotAllowedError:
    "The camera was refused. Allow it beside the page's address, then try again.",
  SecurityError:
    "This browser forbids cameras here. Allow them in its settings, then try again.",
  NotFoundError: "No camera was found. Plug one in, then try again.",
  OverconstrainedError: "The chosen camera is gone. Choose another one.",
  NotReadableError:
    "The camera is in use by another program. Close that one, then try again.",
  AbortError:
    "The camera did not start. Unplug it and plug it in again, then try again.",
};
const SILENT_SECONDS = 10;

/** Asks for a camera; `deviceId` chooses one of several. */
export async function openCamera(deviceId?: string): Promise<MediaStream> {
  if (!navigator.mediaDevices?.getUserMedia) {
    throw new Error(
      "This page may not use a camera: its address is not secure. Open it by https:// " +
        "or as http://localhost.",
    );
  }
  const video: MediaTrackConstraints = {
    width: { ideal: 640, max: 640 },
    height: { ideal: 480, max: 480 },
    frameRate: { ideal: 30, max: 30 },
    facingMode: "user",
    ...(deviceId ? { deviceId: { exact: deviceId } } : {}),
  };
  const request = navigator.mediaDevices.getUserMedia({ video, audio: false });
  return request.catch((error) => {
    throw new Error(refusalOf(error));
  });
}

export function refusalOf(error: unknown): string {
  const { name, message } = error as DOMException;
  return (
    REFUSALS[name] ??
    `The camera cannot be opened (${message || name}). Try another one, or go on ` +
      "without a camera."
  );
}

/** Resolves when the video shows a picture. */
export async function showStream(video: HTMLVideoElement, stream: MediaStream) {
  video.srcObject = stream;
  const isSilent = new Promise<never>((_, reject) => {
    const error = new Error(
      "The camera gives no picture. Open its cover, or close what else uses it, then " +
        "try again.",
    );
    setTimeout(() => reject(error), 1000 * SILENT_SECONDS);
  });
  await Promise.race([video.play(), isSilent]);
}

export function closeCamera(stream: MediaStream | null) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
