/** Nothing leaves this page: requests to other servers are refused. */

/**
 * A `fetch` that reaches `origin` alone.
 *
 * MediaPipe counts how it is used and sends that to Google
 * (https://goo.gle/mediapipe-privacy), and has no switch for it. It takes a refusal for
 * a broken network and stops counting.
 */
export function keepToOrigin(send: typeof fetch, origin: string): typeof fetch {
  return async (input, init) => {
    const address = new URL(input instanceof Request ? input.url : input, origin);
    if (address.origin !== origin && address.protocol !== "data:") {
      throw new TypeError(`Refused to reach ${address.origin}: nothing leaves here.`);
    }
    return send(input, init);
  };
}
