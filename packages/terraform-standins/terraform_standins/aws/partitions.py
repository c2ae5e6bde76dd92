"""AWS's partitions and regions, from botocore's data."""

from __future__ import annotations

import re
from functools import cache
from typing import Any
from urllib.parse import urlsplit


@cache
def partition_of(region: str) -> dict[str, Any]:
    """The partition of `region`; `aws` for a region that botocore does not know."""
    from botocore.loaders import Loader

    partitions: list[dict[str, Any]] = Loader().load_data("partitions")["partitions"]
    matching = (p for p in partitions if region in p["regions"] or re.match(p["regionRegex"], region))
    return next(matching, partitions[0])


@cache
def _suffixes() -> tuple[str, ...]:
    from botocore.loaders import Loader

    outputs = [partition["outputs"] for partition in Loader().load_data("partitions")["partitions"]]
    return tuple(f".{output[name]}" for output in outputs for name in ("dnsSuffix", "dualStackDnsSuffix"))


def is_aws(url: str) -> bool:
    """Whether `url` is an endpoint of AWS, in any partition."""
    return (urlsplit(url).hostname or "").rstrip(".").endswith(_suffixes())


def dns_suffix(region: str) -> str:
    """The domain of hosts in the region's partition, such as `amazonaws.com`."""
    return str(partition_of(region)["outputs"]["dnsSuffix"])


def description(region: str) -> str:
    """`Europe (Frankfurt)`; "" for a region that botocore does not know."""
    return str(partition_of(region)["regions"].get(region, {}).get("description", ""))
