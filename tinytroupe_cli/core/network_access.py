"""Which hosts an experiment may reach: this machine, and those the user has listed."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class NetworkAccess:
    """Hosts beside this machine that may be reached."""

    allowed: tuple[str, ...] = ()
    """`shop.example`, `10.0.0.5`, `*.shop.example`; `*` is every host whose address is public."""

    def has(self, host: str) -> bool:
        """Return whether a host may be reached."""
        host = host.lower().rstrip(".")
        if is_loopback_host(host) or self.is_named(host):
            return True
        if not is_public_host(host):
            return False
        return any(entry == "*" or (entry[:2] == "*." and host.endswith(entry[1:].lower())) for entry in self.allowed)

    def is_named(self, host: str) -> bool:
        """Return whether the user lists a host by its own name or number: then it may be anywhere."""
        return any(host.lower().rstrip(".") == entry.lower().strip("[]") for entry in self.allowed)

    def refusal(self, host: str) -> str:
        """Return why a host may not be reached."""
        kind = "" if is_public_host(host) else ", an address of a private network,"
        return f"'{host}'{kind} is neither this machine nor a host that you allow"


def host_of(address: str) -> str:
    """Return the host of an address; empty if it has none, or if a template decides it."""
    rest = address.partition("://")[2]
    netloc = rest.replace("\\", "/").partition("/")[0].partition("?")[0].partition("#")[0].rpartition("@")[2]
    host = netloc.partition("]")[0] + "]" if netloc.startswith("[") else netloc.partition(":")[0]
    if "{" in host or not host:
        return ""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return host


def is_loopback_host(host: str) -> bool:
    """Return whether a host is this machine, by its name or number."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_public_host(host: str) -> bool:
    """Return whether a host is a name, or a number that is reached over the internet."""
    try:
        found = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return not _is_unusual_number(host)
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_global


def is_number(host: str) -> bool:
    """Return whether a host is an IP address, which is not looked up."""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _is_unusual_number(host: str) -> bool:
    """Return whether a host is an IPv4 address in an unusual form: 2130706433, 0x7f.1, 127.1."""
    parts = host.lower().split(".")
    return all(part.isdigit() or (part.startswith("0x") and part[2:].isalnum()) for part in parts)
