"""The recordings of the real providers.

hashicorp/aws 5.32.0-dev of 2023-12-19 and kreuzwerker/docker 3.6.2 and 4.5.0, with Terraform 1.15.5,
on the embedded cloud: plans, states, changes planned and applied, imports, drift, errors. `schemas.json` is
`terraform providers schema -json`, `details.json` the running provider's ForceNew flags and defaults.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

Json = dict[str, Any]
_DATA = Path(__file__).parent / "data"


@cache
def recorded(name: str) -> Json:
    """The recording `name`; do not change what it returns."""
    content: Json = json.loads((_DATA / f"{name}.json").read_text())
    return content
