"""The only door to the outside: guarded GET with limits of time and size. Imports no Django.

The guard resolves a name itself, refuses every address that is not public, and connects to the address it
checked, so that a second DNS answer cannot lead elsewhere. Redirects are followed by hand and checked again.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urljoin, urlsplit

import certifi
import httpcore

from guildmark.config import load
from guildmark.kernel.words import Count, numbered, said

LATE = said("The address did not answer in time.")
# What may stand in a path or query as it is (RFC 3986), the percent sign of what is encoded already included.
KEPT = "/:@!$&'()*+,;=-._~%[]"
HOST = re.compile(r"[A-Za-z0-9._-]{1,253}")
REDIRECTS = frozenset({301, 302, 303, 307, 308})


class FetchError(Exception):
    """The address cannot be fetched; ``reason`` is fit for people, ``blocked`` marks the guard's refusals."""

    def __init__(self, reason: str, *, blocked: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.blocked = blocked


@dataclass(frozen=True)
class Fetched:
    """An answer: the last address after redirects, its status, headers (lower-case names) and body."""

    url: str
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").split(";")[0].strip().lower()


def is_public(address: str) -> bool:
    """True for an address that the open internet routes; mapped and translated IPv4 is judged as IPv4."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


class TimedStream(httpcore.NetworkStream):
    """A connection that ends at one moment, however slowly and in however small pieces the other side sends."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self.stream = stream
        self.deadline = deadline

    def left(self, timeout: float | None) -> float:
        remaining = self.deadline - time.monotonic()
        if remaining <= 0:
            raise FetchError(LATE)
        return min(timeout or remaining, remaining)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, self.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, self.left(timeout))

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self.stream.start_tls(ssl_context, server_hostname, self.left(timeout))
        return TimedStream(inner, self.deadline)

    def get_extra_info(self, info: str) -> object:
        return self.stream.get_extra_info(info)


class GuardedBackend(httpcore.SyncBackend):
    """A network backend that resolves, checks and pins the address it connects to."""

    def __init__(self, allowed: frozenset[str], deadline: float) -> None:
        super().__init__()
        self.allowed = allowed
        self.deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise FetchError(said("The name {host} cannot be resolved.", host=host)) from error
        addresses = list(dict.fromkeys(str(info[4][0]) for info in infos))
        if f"{host}:{port}" not in self.allowed and "*" not in self.allowed:
            private = [address for address in addresses if not is_public(address)]
            if private:
                reason = said("{host} leads into a private network, which is not fetched.", host=host)
                raise FetchError(reason, blocked=True)
        remaining = max(0.1, self.deadline - time.monotonic())
        stream = super().connect_tcp(
            addresses[0], port, min(timeout or remaining, remaining), local_address, socket_options
        )
        return TimedStream(stream, self.deadline)


def check_url(url: str) -> str:
    """The address as it goes over the wire, without its fragment: the host in IDNA, the rest percent-encoded.

    FetchError for anything but plain http(s) to a named host.
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        raise FetchError(said("This is not an address that can be read.")) from None
    try:
        port = parts.port
    except ValueError:
        raise FetchError(said("The port of the address is not a number.")) from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise FetchError(
            said("Only addresses that begin with https:// or http:// can be fetched."), blocked=True
        )
    if parts.username or parts.password:
        raise FetchError(said("An address with a user name or password in it is not fetched."), blocked=True)
    if port is not None and not 0 < port < 65536:
        raise FetchError(said("The port of the address is out of range."))
    host = wire_host(parts.hostname)
    place = parts._replace(
        netloc=f"{host}:{port}" if port else host,
        path=quote(parts.path, safe=KEPT),
        query=quote(parts.query, safe=KEPT + "?"),
        fragment="",
    )
    return place.geturl()


def wire_host(host: str) -> str:
    """A host name in ASCII (IDNA); a literal IPv6 address in its brackets."""
    if ":" in host:
        return f"[{host}]"
    try:
        name = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        name = ""
    if not HOST.fullmatch(name):
        raise FetchError(said("{host} is not the name of a host.", host=host[:80]))
    return name


@lru_cache(maxsize=2)
def _trusted(bundle: str) -> ssl.SSLContext:
    # Reading a bundle of authorities takes longer than most exchanges.
    return ssl.create_default_context(cafile=bundle)


def fetch(
    url: str,
    *,
    accept: str = "*/*",
    max_bytes: int = 2_000_000,
    seconds: float = 15.0,
    max_redirects: int = 4,
    allow_private: bool = False,
) -> Fetched:
    """GET an address. ``max_bytes`` bounds the body and ``seconds`` the whole exchange, redirects included."""
    config = load()
    allowed = frozenset({"*"}) if allow_private else frozenset(config.allowed_egress)
    deadline = time.monotonic() + seconds
    address = check_url(url)
    with httpcore.ConnectionPool(
        ssl_context=_trusted(config.ca_bundle or certifi.where()),
        network_backend=GuardedBackend(allowed, deadline),
        max_connections=1,
    ) as pool:
        for _ in range(max_redirects + 1):
            answer = _exchange(pool, address, accept=accept, max_bytes=max_bytes, deadline=deadline)
            location = answer.headers.get("location")
            if answer.status not in REDIRECTS or not location:
                return answer
            address = check_url(urljoin(address, location))
    raise FetchError(
        numbered(
            "The address redirects more than {n} time.",
            "The address redirects more than {n} times.",
            n=max_redirects,
        )
    )


def _exchange(
    pool: httpcore.ConnectionPool, url: str, *, accept: str, max_bytes: int, deadline: float
) -> Fetched:
    remaining = deadline - time.monotonic()
    if remaining <= 0:
        raise FetchError(LATE)
    timeouts = {"connect": remaining, "read": remaining, "write": remaining, "pool": remaining}
    headers = [("Accept", accept), ("User-Agent", "Guildmark/0.1"), ("Accept-Encoding", "identity")]
    try:
        with pool.stream("GET", url, headers=headers, extensions={"timeout": timeouts}) as response:
            body = bytearray()
            for piece in response.iter_stream():
                body += piece
                if len(body) > max_bytes:
                    raise FetchError(said("The answer is larger than {n} bytes.", n=Count(max_bytes)))
                if time.monotonic() > deadline:
                    raise FetchError(LATE)
            names = {
                name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers
            }
            return Fetched(url, response.status, names, bytes(body))
    except FetchError:
        raise
    except httpcore.TimeoutException as error:
        raise FetchError(LATE) from error
    except (
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.UnsupportedProtocol,
        OSError,
        ValueError,
    ) as error:
        raise FetchError(
            said("The address cannot be reached ({error}).", error=type(error).__name__)
        ) from error
