"""Who may ask: the page that is served here, and no other site in the same browser.

A browser lets any site send requests to this machine. Which name it was asked for under
(`Host`) shows up a site whose name was bound to this machine's address; `Origin` and
`Sec-Fetch-Site`, which no script can forge, say whose script asks.
"""

import ipaddress
import socket
from urllib.parse import urlsplit

LOOPBACK = "127.0.0.1"


def find_refusal(headers, host):
    """A sentence if a request came under a stranger's name, else None.

    Args:
        headers: Of the request.
        host: What the server was told to listen at.
    """
    named = headers.get("Host")
    if named is None or is_own(named, host):
        return None
    return (
        f"This server is not {named[:80]!r}. Open the page by the address of this "
        "machine in numbers, or start it with `keras-anchor demo --host` and that name."
    )


def is_own(named, host):
    """Whether a `Host` is this machine: its number, its name, or `localhost`."""
    try:
        name = urlsplit(f"//{named}").hostname or ""
    except ValueError:
        return False
    name = name.lower().rstrip(".")
    own = socket.gethostname().lower()
    names = {"localhost", host.lower(), own, f"{own}.local"}
    return name in names or is_number(name)


def is_number(name):
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def find_stranger(headers):
    """A sentence if it is not the page itself that asks, else None."""
    origin, site = headers.get("Origin"), headers.get("Sec-Fetch-Site")
    is_page = origin is not None or site is not None
    if origin is not None:
        # Behind a proxy that adds https.
        host = headers.get("Host")
        is_page = origin in (f"http://{host}", f"https://{host}")
    if site is not None:
        is_page = is_page and site == "same-origin"
    if is_page:
        return None
    return "Only the page that is served here may ask this server to speak."


def describe_addresses(host, port):
    """Where to open the page, in a line."""
    if host != "0.0.0.0":  # noqa: S104
        return f"http://{host}:{port}/  (Ctrl-C stops)"
    line = f"http://{LOOPBACK}:{port}/  (Ctrl-C stops)"
    address = find_address()
    if address is None:
        return line
    return (
        f"{line}\nFrom other devices: http://{address}:{port}/  (without https their "
        "browsers allow no camera, no microphone and one thread)"
    )


def find_address():
    """This machine's address in its network, or None."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Nothing is sent; the system picks the way that it would take.
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        return probe.getsockname()[0]
