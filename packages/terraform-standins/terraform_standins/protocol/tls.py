"""The certificate for the connection between Terraform and a provider on the same machine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from .. import files

_FILE = "provider-tls.pem"
_YEARS = 10
_BOUNDARY = b"-----BEGIN CERTIFICATE-----"


class PEM(NamedTuple):
    """A private key and its certificate."""

    key: bytes
    certificate: bytes


def server_certificate(folder: Path) -> PEM:
    """Return the certificate that `keep` stored in `folder`."""
    key, certificate = (folder / _FILE).read_bytes().split(_BOUNDARY)
    return PEM(key, _BOUNDARY + certificate)


def keep(folder: Path) -> None:
    """Create the certificate in `folder` if there is none; only its owner can read it.

    It takes 0.1 s, a third of a provider's start, most of it for importing cryptography.
    """
    path = folder / _FILE
    if not path.exists():
        files.write(path, b"".join(create()))


def create() -> PEM:
    """Create a self-signed certificate for `localhost`, the name that go-plugin's client checks."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * _YEARS))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return PEM(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
        certificate.public_bytes(serialization.Encoding.PEM),
    )
