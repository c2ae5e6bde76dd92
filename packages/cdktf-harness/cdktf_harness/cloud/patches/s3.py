"""S3: a request is refused if the bucket belongs to another account than the expected one; functions get its events
asynchronously.

ministack ignores the header (services/s3.py 2479), which protects from a bucket of the same name in another account:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html .
"""

from __future__ import annotations

from typing import Any

from ministack.services import s3 as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.patches.lambda_.asynchronous import call
from cdktf_harness.cloud.replacing import replaces

_HEADER = "x-amz-expected-bucket-owner"


@replaces(service, "handle_request")
async def _handle(original: Any, method: str, path: str, headers: dict[str, str], *rest: Any, **more: Any) -> Any:
    expected = next((value for name, value in headers.items() if name.lower() == _HEADER), None)
    bucket = path.lstrip("/").partition("/")[0]
    if expected and (owner := service._bucket_owner_account(bucket)) and owner != expected:
        return service._error("AccessDenied", "Access Denied", 403, f"/{bucket}")
    return await original(method, path, headers, *rest, **more)


@replaces(service, "_deliver_event_to_lambda")
def _deliver(_: Any, arn: str, payload: dict[str, Any], __: str) -> None:
    call(arn, "s3.amazonaws.com", payload["Records"][0]["s3"]["bucket"]["arn"], payload)
