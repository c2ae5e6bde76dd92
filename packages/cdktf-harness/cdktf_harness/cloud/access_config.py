"""The credentials and the allowed services of an embedded cloud, in a file that only its owner can read."""

from __future__ import annotations

import base64
import hmac
import secrets
import string
from binascii import Error as NotBase64
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from cdktf_harness.system import json_store
from cdktf_harness.system.errors import HarnessError
from terraform_standins.aws.embedded_keys import PREFIX

NAME = "access.json"
# Not twelve digits: ministack takes those as an account number.
_LETTERS = string.ascii_uppercase + "234567"
REGISTRY_USER = "AWS"


@dataclass(frozen=True)
class Credentials:
    """An access key."""

    access_key_id: str
    secret_access_key: str

    @classmethod
    def new(cls) -> Credentials:
        """Return a random access key in AWS's format."""
        return cls(PREFIX + "".join(secrets.choice(_LETTERS) for _ in range(15)), secrets.token_urlsafe(30))

    @property
    def environment(self) -> dict[str, str]:
        """The variables from which AWS clients read credentials."""
        return {"AWS_ACCESS_KEY_ID": self.access_key_id, "AWS_SECRET_ACCESS_KEY": self.secret_access_key}


@dataclass(frozen=True)
class Access:
    """What the front door of a cloud allows.

    `deployment`: credentials of the commands and of Terraform.
    `functions`: credentials of the deployed functions.
    `registry_password`: password of Docker engines.
    `services`: services that are served in addition to the default ones.
    `resettable`: whether `deployment` may call ministack's reset, for tests that share a cloud.
    `enforced`: whether IAM policies are evaluated; `deployment` is the root user of the account.
    `aws_hosts`: whether AWS's host names are the cloud's, too; something else leads them to it.
    """

    deployment: Credentials
    functions: Credentials
    registry_password: str
    services: tuple[str, ...] = ()
    resettable: bool = False
    enforced: bool = False
    aws_hosts: bool = False

    @property
    def registry_login(self) -> str:
        """The Authorization header for the image registry."""
        return f"Basic {base64.b64encode(self.registry_token().encode()).decode()}"

    def registry_token(self, key: str = "") -> str:
        """User and password of the image registry; ECR's GetAuthorizationToken returns them in base64.

        Where IAM policies are evaluated, the password tells the access key that asked for it.
        """
        if not self.enforced or key in ("", self.deployment.access_key_id):
            return f"{REGISTRY_USER}:{self.registry_password}"
        return f"{REGISTRY_USER}:{self._code(key)}:{key}"

    def registry_link(self, path: str, expires: int, key: str = "") -> str:
        """What lets whoever has it read one path of the image registry until a time (seconds since the epoch)."""
        signed = f"{expires}.{key}"
        return f"{signed}.{self._code(f'{signed}.{path}')}"

    def _code(self, text: str) -> str:
        return hmac.new(self.registry_password.encode(), text.encode(), "sha256").hexdigest()

    def registry_caller(self, authorization: str) -> str | None:
        """The access key of a login to the image registry; None if it is not one."""
        try:
            token = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        except (NotBase64, ValueError):
            return None
        _, *key = token.rsplit(":", 1) if token.count(":") == 2 else (token,)
        known = hmac.compare_digest(token.encode(), self.registry_token(*key).encode())
        return (key[0] if key else self.deployment.access_key_id) if known else None

    @classmethod
    def read(cls, folder: Path) -> Access:
        """Read the access of the cloud in `folder`. Raises HarnessError if the cloud was never started."""
        found = _read(folder)
        if found is None:
            raise HarnessError(f"no embedded cloud was started in {folder}")
        return found


def prepare(folder: Path, *, services: Collection[str], resettable: bool, enforced: bool, aws_hosts: bool) -> bool:
    """Write the access of the cloud in `folder`, with its existing credentials; return whether anything changed."""
    had = _read(folder)
    new = had or Access(Credentials.new(), Credentials.new(), secrets.token_urlsafe(30))
    allowed = tuple(sorted(services))
    new = replace(new, services=allowed, resettable=resettable, enforced=enforced, aws_hosts=aws_hosts)
    if new != had:
        json_store.write(folder / NAME, asdict(new))
    return new != had


def _read(folder: Path) -> Access | None:
    kept = json_store.read(folder / NAME)
    if kept is None:
        return None
    keys = {name: Credentials(**kept[name]) for name in ("deployment", "functions")}
    return Access(**{**kept, **keys, "services": tuple(kept["services"])})
