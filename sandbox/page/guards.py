"""What the page's server lets in: its own pages on this machine, and nobody else's."""

from email.message import Message

from sandbox.page.acts import Refused

LONGEST_BODY = 64 * 1024
"""Bytes of a POST."""

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; "
        "form-action 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
"""On every answer."""


def check_origin(headers: Message, port: int) -> None:
    """Refuse what names another host, or comes from another site's page.

    A foreign name that leads to this machine (DNS rebinding) makes a foreign page look like one of
    ours to the browser; the Host header tells them apart.
    """
    hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
    host = headers.get("Host")
    if host not in hosts:
        raise Refused(403, "This server answers for its own loopback address alone.")
    origin = headers.get("Origin")
    if origin is not None and origin != f"http://{host}":
        raise Refused(403, "This server takes nothing from other sites' pages.")


def body_length(headers: Message) -> int:
    """How many bytes of JSON follow; refuses other types, too many, and a length not given."""
    kind = (headers.get("Content-Type") or "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refused(415, "The body must be JSON, with Content-Type: application/json.")
    text = headers.get("Content-Length") or ""
    if headers.get("Transfer-Encoding") or not (text.isascii() and text.isdigit()):
        raise Refused(411, "The body must come with its length.")
    # Long rows of digits are refused unread: turning them into a number takes its time.
    if len(text) > 9 or int(text) > LONGEST_BODY:
        raise Refused(413, f"The body must not be longer than {LONGEST_BODY} bytes.")
    return int(text)
