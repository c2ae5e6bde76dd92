"""The provider hashicorp/aws: its configuration and its types."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from threading import Lock
from typing import Any, ClassVar

from ..protocol.diagnostics import Diagnostic, DiagnosticError
from ..protocol.provider_base import Provider
from ..protocol.values import Values
from .cloud import Aws, Settings, check_endpoints, preload
from .out_of_reach import REASON, is_out_of_reach
from .services import bundled_types

# The form of a region's name in any partition: loading botocore's list of regions costs 0.1 s.
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d+")


class AwsProvider(Provider[Aws]):
    """hashicorp/aws."""

    name = "aws"
    protocol = 5
    types = tuple(bundled_types())
    arguments: ClassVar = {
        "access_key",
        "secret_key",
        "token",
        "profile",
        "endpoints",
        "default_tags",
        "ignore_tags",
        "max_retries",
        "custom_ca_bundle",
        "insecure",
        # These turn off checks at AWS before the first call. The bundled provider makes none.
        "skip_credentials_validation",
        "skip_metadata_api_check",
        "skip_region_validation",
        "skip_requesting_account_id",
        "s3_use_path_style",
    }

    def __init__(self) -> None:
        self._settings = Settings()
        self._regions: dict[str, Aws] = {}
        self._lock = Lock()

    def advice(self, type_name: str) -> str:
        """Without the real provider, if that cannot reach the embedded cloud."""
        return f"Leave it out; {REASON}." if is_out_of_reach(type_name) else super().advice(type_name)

    def used(self) -> Collection[str]:
        """The services that were called."""
        return {service for region in self._regions.values() for service in region.services}

    def preload(self, used: Collection[str]) -> None:
        """Load botocore and its models of these services."""
        preload(used)

    def configure(self, config: Values) -> None:
        """Store the configuration. This calls nothing: a wrong key fails at its first use."""
        tags = _first(config, "default_tags").get("tags") or {}
        ignore = _first(config, "ignore_tags")
        settings = Settings(
            region=config["region"] or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION"),
            access_key=config["access_key"],
            secret_key=config["secret_key"],
            token=config["token"],
            profile=config["profile"],
            endpoints={name: url for endpoints in config["endpoints"] for name, url in endpoints.items() if url},
            default_tags={key: value or "" for key, value in tags.items()},
            ignore_tags=frozenset(ignore.get("keys") or ()),
            ignore_tag_prefixes=tuple(ignore.get("key_prefixes") or ()),
            max_attempts=config["max_retries"] or Settings.max_attempts,
            verify=False if config["insecure"] else config["custom_ca_bundle"],
        )
        check_endpoints(settings)
        # A plan and its apply each configure the provider. So does every run of Terraform if the provider stays up
        # between runs. Cache clients until the configuration changes: creating them is slow.
        with self._lock:
            if settings != self._settings:
                self._settings, self._regions = settings, {}

    def context(self, values: Values) -> Aws:
        """The clients of the resource's region, else of the provider's.

        Raises DiagnosticError if there is no region, or it is not the name of one.
        """
        region = values.get("region") or self._settings.region
        if not isinstance(region, str):
            raise DiagnosticError(
                Diagnostic(
                    "Invalid AWS Region: ",
                    "Set `region` in the provider's configuration, or AWS_REGION in the environment.",
                )
            )
        if not _REGION.fullmatch(region):
            raise DiagnosticError(f"Invalid AWS Region: {region}")
        with self._lock:
            return self._regions.setdefault(region, Aws(self._settings, region))


def _first(config: Values, block: str) -> dict[str, Any]:
    return next(iter(config[block] or ()), {})


PROVIDER = AwsProvider()
