"""Who may speak to the sandbox: this machine's browser, by a loopback name, from the sandbox's own page.

A page elsewhere must neither read nor write here, whatever name it makes point to this machine (DNS rebinding).
"""

import hmac
import ipaddress
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie

TOKEN_HEADER = b"x-sandbox-token"  # the header that each change carries
OWN = ("none", "same-origin")  # Sec-Fetch-Site of what a person, or our own page, asked for
HOST = re.compile(r"(?P<name>[a-z0-9.]+|\[[0-9a-f:]+\])(?::(?P<port>[0-9]{1,5}))?", re.ASCII | re.IGNORECASE)
Headers = Iterable[tuple[bytes, bytes]]


def is_loopback(host: str) -> bool:
    """Tell whether a host (without port) is this machine itself."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True)
class Guard:
    """`port` is where the sandbox is reached. `session` and `token` are secrets of this run."""

    port: int
    session: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    @property
    def name(self) -> str:
        """The cookie's: browsers do not keep those of two ports apart."""
        return f"jeeves-sandbox-{self.port}"

    def knows_host(self, headers: Headers) -> bool:
        """Tell whether exactly one `Host` came, and names this machine and the port."""
        found = HOST.fullmatch(_one(headers, b"host"))
        return found is not None and int(found["port"] or 80) == self.port and is_loopback(found["name"])

    def is_own(self, headers: Headers) -> bool:
        """Tell whether a person, or the sandbox's own page, asked. Without the header it is an old browser, or no browser."""
        site = _one(headers, b"sec-fetch-site", "none")
        return site in OWN

    def reads(self, headers: Headers) -> bool:
        """Tell whether a request has the session that our page was given."""
        headers = list(headers)
        try:
            cookies = SimpleCookie(_one(headers, b"cookie"))
        except CookieError:
            return False
        given = cookies[self.name].value if self.name in cookies else ""
        return self.is_own(headers) and _same(given, self.session)

    def changes(self, headers: Headers) -> bool:
        """Tell whether a request may change something: session, own origin, JSON, and the page's token."""
        headers = list(headers)
        origin, host = _one(headers, b"origin"), _one(headers, b"host")
        kind = _one(headers, b"content-type").partition(";")[0].strip().lower()
        page = origin == f"http://{host}" and kind == "application/json"
        return page and self.reads(headers) and _same(_one(headers, TOKEN_HEADER), self.token)

    def cookie(self) -> str:
        """Return the `Set-Cookie` that makes a page ours."""
        return f"{self.name}={self.session}; Path=/sandbox/; HttpOnly; SameSite=Strict"


def _one(headers: Headers, name: bytes, default: str = "") -> str:
    """Return a header that came once; `default` where it did not come, nothing where it came twice."""
    found = [value.decode("latin-1") for given, value in headers if given.lower() == name]
    if not found:
        return default
    return found[0] if len(found) == 1 else ""


def _same(given: str, known: str) -> bool:
    return hmac.compare_digest(given.encode("latin-1", "replace"), known.encode())
