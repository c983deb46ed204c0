"""Where a chat endpoint may be, and where questions would leave this machine."""

import ipaddress
from urllib.parse import urlsplit

PATH = "/chat/completions"
EXAMPLES = "such as http://localhost:11434/v1 or https://example.org/v1"


def check_url(url):
    """The parts of an endpoint's URL, and the path that answers chats.

    Raises:
        ValueError: If it is none, or would send what is said unprotected.
    """
    try:
        parts = urlsplit(url.strip())
        is_url = parts.scheme in ("http", "https") and parts.hostname
        is_url = is_url and (parts.port is None or parts.port > 0)
    except ValueError:
        is_url = False
    if not is_url or any(not c.isprintable() or c.isspace() for c in url.strip()):
        raise ValueError(f"Expected the endpoint's URL, {EXAMPLES}, received {url!r}.")
    if parts.username or parts.password:
        raise ValueError(
            "The endpoint's URL holds a name or a password, which would be printed. "
            "Put the key into an environment variable, and name it with `--key-from`."
        )
    if parts.scheme == "http" and not is_nearby(parts.hostname):
        raise ValueError(
            f"Over http:// anybody on the way could read what is said to "
            f"{parts.hostname}. Expected https://, or a server on this machine or in "
            "the local network."
        )
    path = parts.path.rstrip("/")
    path = path if path.endswith(PATH) else path + PATH
    return parts, f"{path}?{parts.query}" if parts.query else path


def is_loopback(host):
    """Whether a host's name means this machine."""
    address = parse_address(host)
    return address.is_loopback if address else host.lower() == "localhost"


def is_nearby(host):
    """Whether a host is this machine or in the local network."""
    address = parse_address(host)
    if address:
        return address.is_private or address.is_loopback
    return is_loopback(host) or "." not in host or host.lower().endswith(".local")


def parse_address(host):
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
