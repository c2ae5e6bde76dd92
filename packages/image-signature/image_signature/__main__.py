"""`python -m image_signature sign|verify --key ARN REGISTRY/REPOSITORY@sha256:...`."""

from __future__ import annotations

import argparse
import sys

from image_signature.signature import SignatureError, Signer


def main() -> None:
    """Sign an image that is not signed yet, and verify it; or verify it only."""
    parser = argparse.ArgumentParser("python -m image_signature", description=main.__doc__)
    parser.add_argument("action", choices=("sign", "verify"))
    parser.add_argument("--key", required=True, help="ARN of an asymmetric KMS key (ECC_NIST_P256, SIGN_VERIFY)")
    parser.add_argument("--endpoint", default="", help="URL of a cloud other than AWS")
    parser.add_argument("image", help="REGISTRY/REPOSITORY@sha256:...")
    given = parser.parse_args()
    try:
        signer = Signer(given.key, given.endpoint)
        signed = given.action == "sign" and signer.sign(given.image)
        if given.action == "verify":
            signer.verify(given.image)
    except SignatureError as error:
        sys.exit(f"image_signature: {error}")
    print(f"{'signed and verified' if signed else 'verified'}: {given.image.rpartition('@')[2]}")


if __name__ == "__main__":
    main()
