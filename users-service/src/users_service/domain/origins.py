"""Where an action may be: an origin, or addresses in a network."""

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from jeeves_service.settings import origin

Place = str | IPv4Network | IPv6Network


def places(text: object) -> object:
    """Read `https://actions.example.com,10.0.0.0/8` into origins and networks. Raises ValueError."""
    return tuple(map(_place, filter(None, (part.strip() for part in text.split(","))))) if isinstance(text, str) else text


def of_action(url: str) -> str:
    """Return an action's origin, in small letters and without a slash at its end. Raises ValueError."""
    if any(not char.isprintable() or char.isspace() or char in "@\\" for char in url):
        raise ValueError("it is an origin: http:// or https://, a host, perhaps a port, and no name or password")
    return origin(url).lower()


def is_named(url: str, allowed: tuple[Place, ...]) -> bool:
    """Say whether an action's origin is named among the allowed ones."""
    return of_action(url) in allowed


def networks(allowed: tuple[Place, ...]) -> list[IPv4Network | IPv6Network]:
    """Return the networks among them."""
    return [place for place in allowed if not isinstance(place, str)]


def host(url: str) -> tuple[str, int]:
    """Return an origin's host and port."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


def is_within(addresses: set[str], allowed: tuple[Place, ...]) -> bool:
    """Say whether all addresses of a host, one at least, are in the allowed networks."""
    ours = networks(allowed)
    return bool(addresses) and all(any(_within(one, network) for network in ours) for one in addresses)


def _within(address: str, network: IPv4Network | IPv6Network) -> bool:
    try:
        return ip_address(address.partition("%")[0]) in network
    except ValueError:
        return False


def _place(text: str) -> Place:
    if "://" in text:
        return of_action(text)
    try:
        return ip_network(text)
    except ValueError:
        raise ValueError(
            f"{text} is no origin such as https://actions.example.com, and no network such as 10.0.0.0/8"
        ) from None
