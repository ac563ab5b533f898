"""Two `taskwire serve` behind the real nginx, as docker-compose.yml puts them together."""

import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from typing_extensions import override

from tests.product.serving import Deployment, Serving, serving
from tests.services.names import name_server
from tests.services.nginx import Nginx, nginx
from tests.services.processes import free_port

# The same port on two addresses, as two containers have it.
_ADDRESSES = ("127.0.0.1", "127.0.0.2")


@dataclass(frozen=True)
class Proxied(Serving):
    """A product by the one address that the public knows; `process` is one of those behind it."""

    nginx: Nginx = field(kw_only=True)
    processes: tuple[Serving, ...] = field(kw_only=True)
    trust: ssl.SSLContext = field(kw_only=True)

    @property
    @override
    def url(self) -> str:
        return f"https://localhost:{self.nginx.https_port}"

    @property
    @override
    def socket_url(self) -> str:
        return f"wss://localhost:{self.nginx.https_port}"

    @property
    @override
    def tls(self) -> ssl.SSLContext:
        return self.trust

    @property
    def plain_url(self) -> str:
        return f"http://localhost:{self.nginx.http_port}"


@contextmanager
def proxied(deployment: Deployment) -> Iterator[Proxied]:
    """`deployment` trusts the proxy already: it is on the same machine."""
    port = free_port()
    with ExitStack() as stack:
        processes = tuple(
            stack.enter_context(serving(deployment, f"serve-{address}", host=address, port=port))
            for address in _ADDRESSES
        )
        names = stack.enter_context(name_server(_ADDRESSES))
        proxy = stack.enter_context(nginx(names, port))
        yield Proxied(
            deployment,
            processes[0].process,
            port,
            proxy.log,
            nginx=proxy,
            processes=processes,
            trust=proxy.trust(),
        )
