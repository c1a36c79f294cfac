"""Where a host is, and whether we call it there.

A name is looked up once and its address used as it is: looked up again for the connection, it
could lead elsewhere (into our own network) by then.
"""

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from helpdesk.outgoing.errors import NoAnswer, NotAllowed

Address = IPv4Address | IPv6Address

NAT64 = IPv6Network("64:ff9b::/96")


def find(host: str, port: int, *, private: bool) -> str:
    """The address to connect to. `private`: the host may be in our own network.

    Raises `NotAllowed` if any of its addresses is none that we call: which one a name gives first
    is a matter of chance.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NoAnswer(f"The host {host} was not found.") from error
    addresses = [str(sockaddr[0]) for *_kind, sockaddr in found]
    for address in addresses:
        if not is_allowed(ip_address(address.partition("%")[0]), private=private):
            raise NotAllowed(f"The host {host} is at {address}, which is not to be called.")
    return addresses[0]


def is_allowed(address: Address, *, private: bool) -> bool:
    """Where clouds keep their secrets (link-local) is never called, private or not."""
    address = _meant(address)
    if address.is_multicast or address.is_link_local or address.is_unspecified:
        return False
    if address.is_private or address.is_loopback:
        return private
    return address.is_global


def _meant(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for."""
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
