"""S3: a request for the bucket of another account than the expected one is refused.

ministack ignores the header (services/s3.py 2479). It protects from a bucket of the same name in another account:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html .
"""

from __future__ import annotations

from typing import Any

from ministack.services import s3 as service  # type: ignore[import-untyped]

_HEADER = "x-amz-expected-bucket-owner"


def install() -> None:
    """Check the expected owner of each request."""
    handle = service.handle_request

    async def handle_for_owner(method: str, path: str, headers: dict[str, str], *rest: Any, **more: Any) -> Any:
        expected = next((value for name, value in headers.items() if name.lower() == _HEADER), None)
        bucket = path.lstrip("/").partition("/")[0]
        if expected and (owner := service._bucket_owner_account(bucket)) and owner != expected:
            return service._error("AccessDenied", "Access Denied", 403, f"/{bucket}")
        return await handle(method, path, headers, *rest, **more)

    service.handle_request = handle_for_owner
