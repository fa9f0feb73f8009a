"""Which network addresses may be connected to: those of the public internet."""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Address, IPv6Address, ip_network

IPAddress = IPv4Address | IPv6Address

# `is_global` of one Python or another lets these pass.
_REFUSED = tuple(
    ip_network(network)
    for network in (
        "168.63.129.16/32",  # the wire server of one cloud, a private service at a public address
        "192.0.0.0/24",
        "192.88.99.0/24",  # relays into 6to4
        "2001::/23",  # Teredo, which holds another address, and other protocols' own
        "2001:db8::/32",
        "3fff::/20",
    )
)
_UNICAST = ip_network("2000::/3")
_NAT64 = ip_network("64:ff9b::/96")


def is_public(address: IPAddress) -> bool:
    """Tell whether `address` is one host of the public internet, also where IPv6 wraps IPv4."""
    if isinstance(address, IPv6Address):
        wrapped = _wrapped(address)
        if wrapped is not None:
            return is_public(wrapped)
        if address not in _UNICAST or address.scope_id:
            return False
    if address.is_multicast or any(address in network for network in _REFUSED):
        return False
    return address.is_global


def _wrapped(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that packets to `address` may end at."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def parse_ip(text: str) -> IPAddress:
    """Return the IP address that `text` writes.

    Raises:
        ValueError: it writes none.
    """
    return ipaddress.ip_address(text)
