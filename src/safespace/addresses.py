"""Addresses of peers, as sockets and proxies write them."""

from collections.abc import Collection
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


def parse_address(text: str) -> Address | None:
    """An address, perhaps with a port, in brackets or with a zone; IPv4 inside IPv6 is IPv4. None for anything else."""
    host = text.strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        ip = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return ip.ipv4_mapped or ip if isinstance(ip, IPv6Address) else ip


def parse_network(text: str) -> Network:
    """An address or a network. Raises ValueError, also for one that would hold everybody."""
    try:
        network = ip_network(text)
    except ValueError:
        network = None
    if network is None or network.prefixlen == 0:
        raise ValueError("must be addresses or networks, such as 127.0.0.1 or 172.30.84.0/24, comma-separated")
    return network


def is_in(address: Address, networks: Collection[Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)
