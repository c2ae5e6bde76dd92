"""AWS's partitions and regions, from the data that botocore brings along."""

from __future__ import annotations

import re
from functools import cache
from typing import Any
from urllib.parse import urlsplit


@cache
def partition_of(region: str) -> dict[str, Any]:
    """The partition that `region` is in; `aws` for one that botocore does not know."""
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
    """Whether `url` is an endpoint of AWS's own, in any partition."""
    return (urlsplit(url).hostname or "").rstrip(".").endswith(_suffixes())


def dns_suffix(region: str) -> str:
    """`amazonaws.com`, or what hosts of the region's partition end in."""
    return str(partition_of(region)["outputs"]["dnsSuffix"])


def description(region: str) -> str:
    """`Europe (Frankfurt)`; "" for a region that botocore does not know."""
    return str(partition_of(region)["regions"].get(region, {}).get("description", ""))
