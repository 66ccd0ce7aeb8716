"""TLS to the database, by the parameters that cloud providers put into its URL."""

import ssl
from typing import Any

import sqlalchemy as sa

from jeeves_service.errors import SettingsError

#: libpq's names of how sure one wants to be of the server, by MySQL's.
MODES = {"disabled": "disable", "required": "require", "verify_ca": "verify-ca", "verify_identity": "verify-full"}
#: What each file is called in a URL.
AUTHORITY, CERTIFICATE, KEY = (
    ("sslrootcert", "ssl_ca", "ssl-ca"),
    ("sslcert", "ssl_cert", "ssl-cert"),
    ("sslkey", "ssl_key", "ssl-key"),
)
MODE = ("sslmode", "ssl_mode", "ssl-mode")


def taken(url: sa.URL) -> tuple[sa.URL, dict[str, Any]]:
    """Take the parameters of TLS out of a URL; return the rest, and the driver's own argument for them.

    `sslmode` (`disable`, `require`, `verify-ca`, `verify-full`) with `sslrootcert`, `sslcert`, `sslkey`, or MySQL's `ssl_mode`
    with `ssl_ca`, `ssl_cert`, `ssl_key`. An authority without a mode means `verify-full`; `system` is the one of this machine.
    Raises SettingsError for another mode, and for a file that is not there or not what it should be.
    """
    values = {name: str(value) for name, value in url.query.items()}
    given = [next((values[name] for name in names if name in values), None) for names in (MODE, AUTHORITY, CERTIFICATE, KEY)]
    mode, authority, certificate, key = given
    if mode is None and authority is None:
        return url, {}  # the driver's own words for it stay where they are
    wanted = (mode or "verify-full").lower()
    wanted = MODES.get(wanted, wanted)
    rest = url.difference_update_query([*MODE, *AUTHORITY, *CERTIFICATE, *KEY])
    if wanted == "disable":
        return rest, {"ssl": False} if url.get_backend_name() == "postgresql" else {}
    if wanted not in MODES.values():
        raise SettingsError([f"JEEVES_DATABASE_URL is wrong: its sslmode is one of {', '.join(sorted(MODES.values()))}."])
    try:
        return rest, {"ssl": _context(wanted, authority, certificate, key)}
    except OSError as error:  # ssl.SSLError is one
        why = error.strerror or error.__class__.__name__
        raise SettingsError(
            [f"JEEVES_DATABASE_URL is wrong: a certificate or key that it names cannot be used ({why})."]
        ) from error


def _context(mode: str, authority: str | None, certificate: str | None, key: str | None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=None if authority == "system" else authority)
    context.check_hostname = mode == "verify-full"
    if mode == "require" and authority is None:
        context.verify_mode = ssl.CERT_NONE  # encrypted, to whoever it is: that is what the word means to libpq
    if certificate:
        context.load_cert_chain(certificate, key)
    return context
