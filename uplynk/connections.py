"""The way to Uplynk: one pool of guarded connections, and never a second try.

Built on requests' transport adapter, without a ``Session`` around it. A session would add what
must not be: cookies, the environment's proxies and .netrc, and redirects, whose bodies it reads to
the end even when told not to follow them.
"""

import ssl
from urllib.parse import urlsplit

from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3 import HTTPConnectionPool, Retry

from exchange.connections import PlainPool, TlsPool

POOL_SIZE = 64
"""Connections kept open at most; calls beyond as many at once open and close their own."""


class OneHostAdapter(HTTPAdapter):
    """A transport adapter for one base URL: one pool, one TLS context, and never a second try.

    ``tls``: what to trust instead of the certificate authorities that come with requests.
    """

    def __init__(self, base_url: str, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(max_retries=Retry(total=False))
        parts = urlsplit(base_url)
        host = parts.hostname or ""
        self._pool: HTTPConnectionPool
        if parts.scheme == "https":
            # Made once: loading the authorities anew for each connection takes longer than TLS.
            trusted = tls or ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH)
            self._pool = TlsPool(host, parts.port, maxsize=POOL_SIZE, ssl_context=trusted)
        else:
            self._pool = PlainPool(host, parts.port, maxsize=POOL_SIZE)

    def get_connection_with_tls_context(
        self, request: PreparedRequest, *args: object, **kwargs: object
    ) -> HTTPConnectionPool:
        """The one pool, whatever the request: there is one host, and no proxy."""
        return self._pool

    def cert_verify(self, *args: object, **kwargs: object) -> None:
        """Nothing to set for each request: the TLS context verifies."""

    def close(self) -> None:
        """Close the pooled connections; the adapter is of no use afterwards."""
        self._pool.close()
        super().close()
