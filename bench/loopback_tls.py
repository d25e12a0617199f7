"""TLS on 127.0.0.1, with the tests' own certificate."""

import ssl
from pathlib import Path

import certifi

from sandbox.bot_process import ROOT

CERTIFICATE = ROOT / "tests" / "uplynk" / "loopback.pem"


def context() -> ssl.SSLContext:
    """For a server."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(CERTIFICATE)
    return made


def trust(folder: Path) -> dict[str, str]:
    """The environment of a process that trusts it besides all the usual authorities.

    They come along, since loading them is what a new TLS context costs.
    """
    bundle = folder / "trusted.pem"
    bundle.write_bytes(Path(certifi.where()).read_bytes() + CERTIFICATE.read_bytes())
    return {"SSL_CERT_FILE": str(bundle)}
