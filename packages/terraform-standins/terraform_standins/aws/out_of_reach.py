"""The types that the real provider cannot use with the embedded cloud.

For a bucket's tags the real provider calls S3 Control, at `ACCOUNT.localhost` if the endpoint is `localhost`. That name
resolves on few machines, and no argument of the provider changes it.
"""

from __future__ import annotations

_PREFIXES = ("aws_s3_", "aws_s3control_")
REASON = "the real one does not reach S3 in the embedded cloud"


def is_out_of_reach(type_name: str) -> bool:
    """Whether only a stand-in can provide the type in the embedded cloud."""
    return type_name.startswith(_PREFIXES)


def advice(type_name: str) -> str:
    """Return the end of a sentence that begins with Terraform's error for a type that the stand-ins lack."""
    if is_out_of_reach(type_name):
        return f" among the bundled providers, and {REASON}; add the type: docs/adding-a-type.md of terraform-standins"
    return " among the bundled providers; take the real provider with --providers auto"
