"""Tokens between services: Ed25519 JWTs (RFC 7519, RFC 8037) that live 60 s and name their audience and scope.

A token for an action carries `digest`, the SHA-256 of the body it is good for. Own keys per service: nobody can sign for
another. Only algorithm `Ed25519` (RFC 9864) is read, whatever a token's header says.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from jeeves_service.clock import Clock
from jeeves_service.errors import ForbiddenError, UnauthenticatedError

ALGORITHMS = ["Ed25519"]
LIFE = 60  # seconds
LEEWAY = 5  # seconds that two machines' clocks may differ


def digest(body: bytes) -> str:
    """Return the SHA-256 of a body in hexadecimal, as a token's `digest` claim holds it."""
    return hashlib.sha256(body).hexdigest()


def new_keys(scopes: Mapping[str, Iterable[str]]) -> tuple[dict[str, str], str]:
    """Make a private key (JWK, JSON) for each service, and the JWKS of all their public keys.

    `scopes` are what each service may sign for: they stand beside its public key, and no token of it is believed for others.
    """
    keys = {name: OKPKey.generate_key("Ed25519", {"kid": name, "use": "sig", "alg": "Ed25519"}) for name in scopes}
    private = {name: json.dumps(key.as_dict(private=True)) for name, key in keys.items()}
    public = [{**key.as_dict(private=False), "scopes": sorted(scopes[name])} for name, key in keys.items()]
    return private, json.dumps({"keys": public})


def check_key(text: str) -> str:
    """Return `text` if it is one service's private key. Raises ValueError."""
    try:
        key = OKPKey.import_key(json.loads(text))
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        key = None
    if key is None or not key.is_private or not key.kid:
        raise ValueError("it is an Ed25519 private key as a JWK, whose `kid` is the service's name")
    return text


def check_keys(text: str) -> str:
    """Return `text` if it is the set of all services' public keys. Raises ValueError."""
    try:
        keys = KeySet.import_key_set(json.loads(text)).keys
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        keys = []
    if not keys or not all(key.kid for key in keys):
        raise ValueError("it is a JWKS of Ed25519 public keys, each with its service's name as `kid`")
    return text


@dataclass
class Signer:
    """Signs as one service. `key` is a private JWK whose `kid` is the service's name."""

    key: str
    clock: Clock
    _jwk: OKPKey = field(init=False)
    _cache: dict[tuple[str, str], tuple[float, str]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._jwk = OKPKey.import_key(json.loads(self.key))

    @property
    def issuer(self) -> str:
        """The service that signs."""
        return str(self._jwk.kid)

    def token(self, audience: str, scope: str, *, body: bytes | None = None) -> str:
        """Return a token for `audience`, kept for half its life unless it is bound to a `body`."""
        now = self.clock.now().timestamp()
        kept = self._cache.get((audience, scope)) if body is None else None
        if kept and 0 < kept[0] - now <= LIFE / 2:  # a clock that was set back makes a kept one not valid yet
            return kept[1]
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": audience,
            "scope": scope,
            "iat": int(now),
            "exp": int(now) + LIFE,
        }
        if body is not None:
            claims["digest"] = digest(body)
        token = jwt.encode({"alg": "Ed25519", "kid": self.issuer}, claims, self._jwk, algorithms=ALGORITHMS)
        if body is None:
            self._cache[audience, scope] = (now + LIFE / 2, token)
        return token


@dataclass
class Verifier:
    """Believes tokens for one audience. `keys` is the JWKS of all public keys, each with the `scopes` it signs for."""

    keys: str
    audience: str
    clock: Clock
    _keys: KeySet = field(init=False)
    _scopes: dict[str, frozenset[str]] = field(init=False)
    _seen: dict[str, dict[str, Any]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        known = json.loads(self.keys)
        self._scopes = {key["kid"]: frozenset(key.pop("scopes", ())) for key in known["keys"]}
        self._keys = KeySet.import_key_set(known)

    def issuer(self, header: str, *scopes: str, body: bytes | None = None) -> str:
        """Return who sent an `Authorization` header.

        Raises UnauthenticatedError when it is not a live token of a known service for this audience (and for `body`, where
        given); ForbiddenError when it has none of `scopes`, or its service may not sign for that one.
        """
        kind, _, token = header.partition(" ")
        if kind.lower() != "bearer" or not token:
            raise UnauthenticatedError("a bearer token is needed")
        claims = self._claims(token)
        now = self.clock.now().timestamp()
        if not now - LEEWAY < claims["exp"] <= now + LIFE + LEEWAY:
            raise UnauthenticatedError("the token is not valid now")
        if body is not None and claims.get("digest") != digest(body):
            raise UnauthenticatedError("the token is for another body")
        if claims.get("scope") not in self._scopes[claims["iss"]].intersection(scopes):
            raise ForbiddenError(f"one of these scopes is needed: {', '.join(scopes)}")
        return str(claims["iss"])

    def _claims(self, token: str) -> dict[str, Any]:
        if token in self._seen:
            return self._seen[token]
        try:
            decoded = jwt.decode(token, self._keys, algorithms=ALGORITHMS)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise UnauthenticatedError("the token is not signed by a known service") from error
        claims = decoded.claims
        right = claims.get("aud") == self.audience and claims.get("iss") == decoded.header.get("kid")
        if not right or not isinstance(claims.get("exp"), int):
            raise UnauthenticatedError("the token is for another service")
        if "digest" not in claims:  # one made for a body is seen once
            if len(self._seen) > 1000:  # noqa: PLR2004
                self._seen.clear()
            self._seen[token] = claims
        return claims
