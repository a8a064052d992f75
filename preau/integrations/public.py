"""Addresses that people typed: reached only where everybody can reach them.

A server that calls an address chosen by somebody would otherwise read for them what only it can
see: its own loopback, its neighbours, the metadata of its host (OWASP, Server-Side Request Forgery
Prevention Cheat Sheet). The name is resolved once, checked, and that very address is connected to:
a name that resolves otherwise the second time gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass

import httpx

#: Where IPv6-only networks reach IPv4 (RFC 6052): the address is in the last 32 bits.
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
#: IPv6 addresses that a network may carry on to a private one: Python calls them global.
_CARRIED_ON = tuple(
    ipaddress.ip_network(one)
    for one in ("::/96", "::ffff:0:0:0/96", "64:ff9b:1::/48", "2002::/16", "fec0::/10")
)


class NotPublic(Exception):
    """The name is not known, or leads to a private address. Carries which, in a few words."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect, and the name to ask for.

    Attributes:
        url: the address with an IP address in place of its name.
        host: the name, for the `Host` header and the certificate.
    """

    url: str
    host: str
    authority: str


def public(url: str) -> Target:
    """The address, once its name is known to lead to the public Internet alone.

    Raises:
        NotPublic: it has no such name, or one of its addresses is private.
    """
    parsed = httpx.URL(url)
    try:
        found = socket.getaddrinfo(parsed.host, parsed.port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotPublic("the name is not known") from None
    addresses = [ipaddress.ip_address(one[4][0]) for one in found]
    if not addresses or not all(_is_public(one) for one in addresses):
        raise NotPublic("the address is not public")
    authority = parsed.netloc.decode("ascii")
    return Target(str(parsed.copy_with(host=str(addresses[0]))), parsed.host, authority)


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    reached = getattr(address, "ipv4_mapped", None) or address
    if reached in _TRANSLATED:
        reached = ipaddress.IPv4Address(int(reached) & 0xFFFFFFFF)
    is_elsewhere = any(reached in network for network in _CARRIED_ON)
    return bool(reached.is_global and not reached.is_multicast and not is_elsewhere)


def may_be_public(host: str) -> bool:
    """What can be said of a name before it is resolved: figures are looked at, a word has a dot."""
    try:
        return _is_public(ipaddress.ip_address(host))
    except ValueError:
        return "." in host.rstrip(".") and not host.lower().endswith((".local", ".localhost"))
