"""A certificate authority and the certificate of AWS's host names: both for one run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_ROOT = "root of one test run"


def write(folder: Path, names: list[str]) -> tuple[Path, Path]:
    """Write a certificate of `names` with its key, and that of its authority; return both files."""
    authority, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _built(_ROOT, own=authority, by=authority, authority=True)
    alternatives = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
    leaf = _built("AWS's host names, for one test run", own=own, by=authority, alternatives=alternatives)
    served, trusted = folder / "served.pem", folder / "trusted.pem"
    key = own.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    served.write_bytes(key + leaf.public_bytes(serialization.Encoding.PEM))
    trusted.write_bytes(root.public_bytes(serialization.Encoding.PEM))
    return served, trusted


def _built(
    subject: str,
    *,
    own: ec.EllipticCurvePrivateKey,
    by: ec.EllipticCurvePrivateKey,
    authority: bool = False,
    alternatives: x509.SubjectAlternativeName | None = None,
) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _ROOT)]))
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if alternatives:
        builder = builder.add_extension(alternatives, critical=False)
    return builder.sign(by, hashes.SHA256())
