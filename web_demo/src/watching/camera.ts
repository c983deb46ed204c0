/** A camera that is opened, watched, and let go; every refusal has a sentence. */

import { Failure } from "../failures";

const REFUSALS = {
  NotAllowedError: "camera_refused",
  SecurityError: "camera_forbidden",
  NotFoundError: "camera_missing",
  OverconstrainedError: "camera_unplugged",
  NotReadableError: "camera_busy",
  AbortError: "camera_stuck",
} as const;
const SILENT_SECONDS = 10;

/** Asks for a camera; `deviceId` chooses one of several. */
export async function openCamera(deviceId?: string): Promise<MediaStream> {
  if (!navigator.mediaDevices?.getUserMedia) {
    throw new Failure("camera_insecure");
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
    throw refusalOf(error, deviceId !== undefined);
  });
}

/**
 * The sentence for what `getUserMedia` throws.
 *
 * WebKit finds too much asked for where there is no camera at all.
 */
export function refusalOf(error: unknown, isChosen = false): Failure {
  const { name, message } = error as DOMException;
  if (name === "OverconstrainedError" && !isChosen)
    return new Failure("camera_missing");
  const isKnown = (name: string): name is keyof typeof REFUSALS => name in REFUSALS;
  if (isKnown(name)) return new Failure(REFUSALS[name]);
  return new Failure("camera_fails", { reason: message || name });
}

/** Resolves when the video shows a picture. */
export async function showStream(video: HTMLVideoElement, stream: MediaStream) {
  video.srcObject = stream;
  const isSilent = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Failure("camera_silent")), 1000 * SILENT_SECONDS);
  });
  await Promise.race([video.play(), isSilent]);
}

export function closeCamera(stream: MediaStream | null) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
