"""The recorded stacks, adapted by rules to the versions of the bundled providers.

- They get the pinned versions, and no endpoints: the embedded cloud's address comes from the environment.
- A terraform_data replaces Docker's two resources. Its output stands for the pushed digest: unknown before the apply,
  known after it, and different if the source changes. So no engine is needed; test_image.py compares
  docker_registry_image.
- The data source for the registry's password is removed (it is an ephemeral resource now).
"""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

from terraform_standins.serving.mirror import RELEASES

from .recorded import Json, recorded

STACKS = ("registry", "api")
DIGEST = "sha256:05bcb7094b9faffc77cc9b94326157505a39d0713f4150589bf419446311f4db"
IMAGE = "terraform_data.pushed"
NOT_HERE = ("docker_image.image", "docker_registry_image.pushed", "data.aws_ecr_authorization_token.token")
_PROVIDER_ARGUMENTS = ("region", "default_tags")


def stack(name: str) -> Json:
    """The configuration of a recorded stack, adapted; a copy to change."""
    config = deepcopy(recorded(f"{name}.tf"))
    (aws,) = config["provider"]["aws"]
    config["provider"] = {"aws": {key: aws[key] for key in _PROVIDER_ARGUMENTS}}
    release = next(r for r in RELEASES if r.name == "aws")
    required = {"aws": {"source": f"{release.namespace}/aws", "version": release.version}}
    config["terraform"] = {"backend": {"local": {}}, "required_providers": required}
    if name == "api":
        for address in NOT_HERE:
            *mode, type_, _ = address.split(".")
            del config[mode[0] if mode else "resource"][type_]
        config["resource"]["terraform_data"] = {"pushed": {"input": DIGEST}}
    text = json.dumps(config).replace("docker_registry_image.pushed.sha256_digest", f"{IMAGE}.output")
    adapted: Json = json.loads(text)
    return adapted


def edit(config: Json, edits: dict[str, Any]) -> Json:
    """A copy of a configuration with the values at dotted paths changed; None removes one."""
    changed = deepcopy(config)
    for path, value in edits.items():
        *parents, last = path.split(".")
        node: Any = changed
        for key in parents:
            node = node[int(key)] if isinstance(node, list) else node.setdefault(key, {})
        if value is None:
            del node[last]
        else:
            node[last] = value
    return changed
