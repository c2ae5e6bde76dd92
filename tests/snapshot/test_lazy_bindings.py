"""The lazy imports of the provider bindings change how long a synthesis takes, and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from checkout import PROJECT
from stacks.settings import Settings

LOCAL = {"target": "local", "endpoint": "http://localhost:4566"}
# Another value of each setting.
VALUES: Mapping[str, Any] = {
    "target": "local",
    "region": "us-east-1",
    "name_prefix": "other",
    "stage": "test",
    "route": "/a/b",
    "architecture": "x86_64",
    "memory_mb": 256,
    "timeout_s": 20,
    "log_retention_days": 30,
    "images_kept": 3,
    "build_args": {"BUILD_BASE": "other"},
    "state_bucket": "bucket",
    "state_folder": "folder",
    "endpoint": "http://localhost:4567",
}


def test_the_stacks_are_the_same_with_stock_imports(tmp_path: Path) -> None:
    """Byte by byte, for both targets and another value of every setting."""
    assert set(VALUES) == set(Settings.model_fields), "a setting has no other value here"
    cases = {
        f"{target}-{name}": {**values, name: VALUES[name]}
        for target, values in {"aws": {}, "local": LOCAL}.items()
        for name in VALUES
    } | {"aws-target": LOCAL}
    lazy = synthesize(cases, tmp_path / "lazy", ONTRA_STOCK_IMPORTS="0")
    stock = synthesize(cases, tmp_path / "stock", ONTRA_STOCK_IMPORTS="1")
    assert len(lazy) == 2 * len(cases)
    assert lazy == stock


def synthesize(cases: Mapping[str, Any], out: Path, **env: str) -> dict[str, str]:
    """The synthesized documents by their place in `out`."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ONTRA_", "CDKTF_"))}
    path = os.pathsep.join([str(Path(sys.executable).parent), clean.get("PATH", "")])
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("every_setting.py"), out],
        cwd=PROJECT,
        env={**clean, "PATH": path, "PYTHONPATH": str(PROJECT), **env},
        input=json.dumps(cases),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return {str(file.relative_to(out)): file.read_text() for file in sorted(out.rglob("cdk.tf.json"))}
