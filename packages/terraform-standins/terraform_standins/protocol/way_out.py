"""What a user is told who needs more than the bundled providers have."""

from __future__ import annotations

# For a bucket's tags the real provider asks S3 Control, at `ACCOUNT.localhost` where the endpoint is `localhost`; that
# name resolves on few machines, and no argument of the provider changes it.
_OUT_OF_REACH = ("aws_s3_", "aws_s3control_")
_NO_S3 = "the real one does not reach S3 in the embedded cloud"


def for_argument(type_name: str) -> str:
    """After an argument of `type_name` (or of the provider) that the bundled provider refuses."""
    if type_name.startswith(_OUT_OF_REACH):
        return f"Leave it out; {_NO_S3}."
    return "Use the real provider instead: PROVIDERS=registry."


def for_type(type_name: str) -> str:
    """After Terraform's words for a type that the bundled providers lack."""
    if type_name.startswith(_OUT_OF_REACH):
        return f" among the bundled providers, and {_NO_S3}; add the type: docs/adding-a-type.md of terraform-standins"
    return " among the bundled providers; use the real ones: PROVIDERS=registry"
