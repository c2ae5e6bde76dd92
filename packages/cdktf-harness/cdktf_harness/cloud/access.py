"""Who gets into an embedded cloud, and to which services: made at its first start, kept for its owner only."""

from __future__ import annotations

import base64
import secrets
import string
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from cdktf_harness.project import records
from cdktf_harness.project.errors import HarnessError

NAME = "access.json"
# No twelve digits: ministack takes those as the number of an account.
_LETTERS = string.ascii_uppercase + "234567"
REGISTRY_USER = "AWS"


@dataclass(frozen=True)
class Credentials:
    """An access key: the id names it, the secret signs requests."""

    access_key_id: str
    secret_access_key: str

    @classmethod
    def new(cls) -> Credentials:
        """Random ones, in the form that AWS gives them."""
        return cls("LOCAL" + "".join(secrets.choice(_LETTERS) for _ in range(15)), secrets.token_urlsafe(30))

    @property
    def environment(self) -> dict[str, str]:
        """The variables in which AWS's clients look for them."""
        return {"AWS_ACCESS_KEY_ID": self.access_key_id, "AWS_SECRET_ACCESS_KEY": self.secret_access_key}


@dataclass(frozen=True)
class Access:
    """What the front door of a cloud goes by.

    `deployment` are the credentials of the commands and of Terraform, `functions` those of the deployed functions;
    `registry_password` is what Docker engines log in with. `services` are those that are served on top of the ones
    that every cloud serves. `resettable` opens ministack's reset to `deployment`, for tests that share a cloud.
    """

    deployment: Credentials
    functions: Credentials
    registry_password: str
    services: tuple[str, ...] = ()
    resettable: bool = False

    @property
    def registry_login(self) -> str:
        """The Authorization header that opens the image registry."""
        return f"Basic {base64.b64encode(self.registry_token.encode()).decode()}"

    @property
    def registry_token(self) -> str:
        """User and password of the image registry, as ECR's GetAuthorizationToken gives them, in base64 there."""
        return f"{REGISTRY_USER}:{self.registry_password}"

    @classmethod
    def read(cls, folder: Path) -> Access:
        """That of the cloud in `folder`. Raises HarnessError for a cloud that was never started."""
        found = _read(folder)
        if found is None:
            raise HarnessError(f"no embedded cloud was started in {folder}")
        return found


def prepare(folder: Path, *, services: Collection[str], resettable: bool) -> bool:
    """Write what the cloud in `folder` is to go by; credentials stay as they are. Tells whether anything changed."""
    had = _read(folder)
    new = had or Access(Credentials.new(), Credentials.new(), secrets.token_urlsafe(30))
    new = replace(new, services=tuple(sorted(services)), resettable=resettable)
    if new != had:
        records.write(folder / NAME, asdict(new))
    return new != had


def _read(folder: Path) -> Access | None:
    kept = records.read(folder / NAME)
    if kept is None:
        return None
    return Access(
        deployment=Credentials(**kept["deployment"]),
        functions=Credentials(**kept["functions"]),
        registry_password=kept["registry_password"],
        services=tuple(kept["services"]),
        resettable=kept["resettable"],
    )
