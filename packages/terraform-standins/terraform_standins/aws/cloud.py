"""The clients of AWS, created on first use."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import import_module
from threading import Lock
from typing import Any

from ..protocol.diagnostics import Diagnostic, DiagnosticError
from .embedded_keys import is_embedded, is_refused
from .partitions import dns_suffix, is_aws

_NEVER_ON_AWS = Diagnostic(
    "The bundled AWS provider is a stand-in and never works on AWS itself",
    "Use the real provider there, or set AWS_ENDPOINT_URL to another endpoint for all services.",
)
# Client -> its name in the provider's `endpoints`, where they differ.
_ENDPOINT_NAMES = {"events": "eventbridge"}
# The provider's default of `max_retries`.
_ATTEMPTS = 25
_CONNECT_SECONDS = 5
# Creating clients is not thread-safe: they share botocore's loader and the session's credentials.
_making = Lock()


@dataclass(frozen=True)
class Settings:
    """The supported part of the provider's configuration."""

    region: str | None = None
    access_key: str | None = None
    secret_key: str | None = None
    token: str | None = None
    profile: str | None = None
    endpoints: dict[str, str] = field(default_factory=dict)
    default_tags: dict[str, str] = field(default_factory=dict)
    ignore_tags: frozenset[str] = frozenset()
    ignore_tag_prefixes: tuple[str, ...] = ()
    max_attempts: int = _ATTEMPTS
    verify: bool | str | None = None


@cache
def _loader() -> Any:
    """What reads botocore's models, and keeps them: for all sessions, and for processes forked from this one."""
    from botocore.loaders import create_loader

    return create_loader(os.environ.get("AWS_DATA_PATH"))


@cache
def service_model(service: str) -> tuple[Any, dict[str, str]]:
    """botocore's model of a service, and its operations by the names of a client's methods."""
    from botocore import xform_name
    from botocore.model import ServiceModel

    with _making:
        model = ServiceModel(_loader().load_service_model(service, "service-2"), service)
    return model, {xform_name(name): name for name in model.operation_names}


def preload(services: Iterable[str]) -> None:
    """Import botocore and read what the clients of these services, and of STS, are made from."""
    import_module("botocore.session")
    for name in ("endpoints", "partitions", "sdk-default-configuration", "_retry"):
        _loader().load_data(name)
    _loader().list_available_services("paginators-1")
    for service in {"sts", *services}:
        service_model(service)
        for what in ("service-2", "endpoint-rule-set-1"):
            # With a client's arguments, by which the loader keeps its answers.
            _loader().load_service_model(service, what, api_version=None)


def check_endpoints(settings: Settings) -> None:
    """Raises DiagnosticError if there is no endpoint, or one belongs to AWS, unless the key is an embedded cloud's.

    A service without an endpoint is refused when it is used, and so are the keys of a profile: see `Aws.client`.
    """
    variables = (url for name, url in os.environ.items() if name.startswith("AWS_ENDPOINT_URL") and url)
    known = [*settings.endpoints.values(), *variables]
    if is_embedded(settings.access_key or os.environ.get("AWS_ACCESS_KEY_ID", "")):
        return
    if not known or any(map(is_aws, known)):
        raise DiagnosticError(_NEVER_ON_AWS)


class Aws:
    """The clients of one region: the context of the AWS types."""

    def __init__(self, settings: Settings, region: str) -> None:
        self.settings = settings
        self.region = region
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        """The botocore client of a service ("ecr"). Importing botocore costs 0.07 s, each client 0.05 s.

        Raises DiagnosticError if its endpoint belongs to AWS and its keys may.
        """
        with _making:
            if service not in self._clients:
                from botocore.config import Config

                from . import retries

                config = Config(
                    retries={"mode": "standard", "total_max_attempts": 1},
                    connect_timeout=_CONNECT_SECONDS,
                    user_agent_extra="cdktf-harness",
                )
                client = self._session.create_client(
                    service,
                    region_name=self.region,
                    endpoint_url=self.settings.endpoints.get(_ENDPOINT_NAMES.get(service, service)),
                    config=config,
                    verify=self.settings.verify,
                )
                if is_refused(client.meta.endpoint_url, self._session.get_credentials()):
                    raise DiagnosticError(_NEVER_ON_AWS)
                retries.attach(client, self.settings.max_attempts)
                self._clients[service] = client
            return self._clients[service]

    @property
    def services(self) -> list[str]:
        """The services whose clients were used."""
        return list(self._clients)

    @cached_property
    def _session(self) -> Any:
        # Not boto3: it imports as much again, for multipart uploads and resource objects.
        from botocore.session import Session

        s = self.settings
        session = Session(profile=s.profile)
        session.register_component("data_loader", _loader())
        if s.access_key or s.secret_key or s.token:
            session.set_credentials(s.access_key, s.secret_key, s.token)
        return session

    @cached_property
    def account_id(self) -> str:
        """The account of the credentials."""
        return str(self.client("sts").get_caller_identity()["Account"])

    @cached_property
    def account_id_or_none(self) -> str | None:
        """The account of the credentials, for uses where it is optional: None if STS does not answer."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return self.account_id
        except (BotoCoreError, ClientError):
            return None

    @cached_property
    def partition(self) -> str:
        """`aws`, `aws-cn`, `aws-us-gov`...: the second part of every ARN."""
        return str(self._session.get_partition_for_region(self.region))

    @property
    def dns_suffix(self) -> str:
        """The domain of hosts in the region's partition, such as `amazonaws.com`."""
        return dns_suffix(self.region)
