"""Certificates for a server on 127.0.0.1, signed by an authority of a test's own."""

import datetime as dt
import ipaddress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from support.clock import START

DAYS = dt.timedelta(days=3650)


def _certificate(
    name: str, issuer: tuple[x509.Name, ec.EllipticCurvePrivateKey] | None
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signer, signing = issuer or (subject, key)
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(signer).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(START - DAYS).not_valid_after(START + DAYS)
    made = made.add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    if issuer:
        address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
        made = made.add_extension(x509.SubjectAlternativeName([address]), critical=False)
    return made.sign(signing, hashes.SHA256()), key


def write(folder: Path) -> None:
    """Write `authority.pem`, `server.pem` with its `server.key`, and `stranger.pem`, an authority that signed nothing."""
    authority, signing = _certificate("a test's authority", None)
    server, key = _certificate("127.0.0.1", (authority.subject, signing))
    stranger, _ = _certificate("a stranger", None)
    for name, certificate in (("authority", authority), ("server", server), ("stranger", stranger)):
        (folder / f"{name}.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "server.key").write_bytes(key.private_bytes(*plain))
