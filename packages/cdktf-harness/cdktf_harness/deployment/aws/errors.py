"""The errors of AWS calls, as one line each."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.system.errors import HarnessError

# AWS's codes for credentials that are wrong or too old (IAM guide, "Common errors", and those of single services).
_CREDENTIALS = {
    *("ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "InvalidAccessKeyId", "SignatureDoesNotMatch"),
    *("UnrecognizedClientException", "InvalidSignatureException", "AuthFailure", "InvalidToken"),
}


# The end of AWS's codes for what is not there.
_NOT_THERE = "NotFoundException"


@contextmanager
def one_line_errors(deployment: Deployment | None = None) -> Iterator[None]:
    """Turn an error of an AWS call into a HarnessError that says what to do.

    If something is not there that the outputs of `deployment` name, find out whether it is deployed at all.
    """
    try:
        yield
    except Exception as error:
        # Without the import of botocore (0.1 s) where nothing failed.
        botocore = sys.modules.get("botocore.exceptions")
        if botocore and isinstance(error, botocore.ClientError):
            said = error.response["Error"]
            if said.get("Code") not in _CREDENTIALS:
                again = ""
                if deployment and said.get("Code", "").endswith(_NOT_THERE):
                    deployment.check_deployed()
                    again = f"; {deployment.project.command(deployment.brought_up_by)} re-creates what was deleted"
                refusal = said.get("Message") or said.get("Code", "")
                raise HarnessError(f"AWS refused {error.operation_name}: {refusal}{again}") from None
        elif botocore and isinstance(error, botocore.SSLError):
            raise HarnessError(
                f"AWS's certificate is not trusted ({error}): if a proxy replaces it by its own, set AWS_CA_BUNDLE and "
                "SSL_CERT_FILE to a file with its CA"
            ) from None
        elif botocore and isinstance(error, botocore.ConnectionError | botocore.HTTPClientError | _answer_error()):
            said = " ".join(str(error).split())
            raise HarnessError(f"AWS does not answer ({said}): check the network, its proxy and the region") from None
        elif botocore and isinstance(error, botocore.ParamValidationError):
            raise HarnessError(" ".join(str(error).split())) from None
        elif not (botocore and isinstance(error, botocore.BotoCoreError)):
            raise
        raise HarnessError(
            f"no usable AWS credentials ({error}): set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        ) from None


def _answer_error() -> type[Exception]:
    """Return the error of an answer that is not AWS's, such as a proxy's; it has no base class of botocore."""
    from botocore.parsers import ResponseParserError

    error: type[Exception] = ResponseParserError
    return error
