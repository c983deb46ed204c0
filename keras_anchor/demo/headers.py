"""What a browser is told with every file: what it is, and what the page may do."""

import re
from pathlib import PurePosixPath

# What a page may do. Workers that start from an address have their own policy, which
# comes with their script.
PAGE_POLICY = {
    "default-src": "'self'",
    "script-src": "'self' 'wasm-unsafe-eval'",
    "worker-src": "'self'",
    "img-src": "'self' data: blob:",
    "media-src": "'self' blob:",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
# TF.js starts its threads from blobs, in the worker that renders.
WORKER_POLICY = PAGE_POLICY | {
    "script-src": "'self' 'wasm-unsafe-eval' blob:",
    "worker-src": "'self' blob:",
}
POLICY = "Content-Security-Policy"
# Camera and microphone where the viewer agrees; what no page of ours asks for, never.
PERMISSIONS = ["camera=(self)", "microphone=(self)"] + [
    f"{name}=()"
    for name in (
        "accelerometer",
        "display-capture",
        "geolocation",
        "gyroscope",
        "hid",
        "idle-detection",
        "magnetometer",
        "midi",
        "payment",
        "serial",
        "usb",
        "xr-spatial-tracking",
    )
]
HEADERS = {
    # Together they give the page threads in WebAssembly.
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(PERMISSIONS),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
SCRIPTS = ".js", ".mjs"
# Files with a hash in their names never change.
HASHED = re.compile(r"/assets/.*-[\w-]{8}\.\w+$")
FOREVER, ASK = "public, max-age=31536000, immutable", "no-cache"
BINARY, TEXT = "application/octet-stream", "text/plain; charset=utf-8"
# The standard library asks the operating system, which may know others or none.
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".md": TEXT,
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": TEXT,
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}


def describe(address, body, is_packable):
    """The headers of a file's own."""
    name = "index.html" if address == "/" else address
    headers = {
        "Content-Type": TYPES.get(PurePosixPath(name).suffix, BINARY),
        POLICY: write_policy(WORKER_POLICY if name.endswith(SCRIPTS) else PAGE_POLICY),
        "Cache-Control": FOREVER if HASHED.match(address) else ASK,
        "ETag": f'"{body.tag}{"-gzip" if body.is_packed else ""}"',
    }
    if is_packable:
        headers["Vary"] = "Accept-Encoding"
    if body.is_packed:
        headers["Content-Encoding"] = "gzip"
    return headers


def write_policy(policy):
    return "; ".join(f"{name} {sources}" for name, sources in policy.items())


def accepts_gzip(header):
    """Whether an `Accept-Encoding` allows gzip."""
    weights = {}
    for part in header.lower().split(","):
        coding, *parameters = (piece.strip() for piece in part.split(";"))
        weights[coding] = not any(
            re.fullmatch(r"q=0(\.0*)?", parameter) for parameter in parameters
        )
    return weights.get("gzip", weights.get("*", False))


def is_known(header, tag):
    """Whether an `If-None-Match` names a tag."""
    known = [part.strip().removeprefix("W/") for part in header.split(",")]
    return tag in known or "*" in known
