"""Synthesis without CDKTF, for tests of what happens to a stack afterwards: without the second that its import takes.

An app in a test has a copy of this file beside its `main.py`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# Of the cdktf whose format this is.
_VERSION = "0.21.0"


def files(main: str, *stacks: str, table: str = "", **context: Any) -> dict[str, str]:
    """The files of an app: `main` calls `synth`; `table` has more lines of [tool.cdktf-harness]."""
    described = {"language": "python", "app": "python main.py", "projectId": "x"}
    return {
        "main.py": f"from plain_app import synth\n{main}",
        "plain_app.py": Path(__file__).read_text(),
        "cdktf.json": json.dumps({**described, "context": context} if context else described),
        "pyproject.toml": f"[tool.cdktf-harness]\nstacks = {json.dumps(stacks)}\n{table}",
    }


def synth(
    stacks: Mapping[str, dict[str, Any]], dependencies: Mapping[str, list[str]] | None = None, warning: str = ""
) -> None:
    """Write stacks in Terraform's JSON, and the manifest, where and as `App.synth` of cdktf does.

    A stack without a backend has its state beside `main.py`. `dependencies` are other stacks by the stack's name;
    `warning` is that of each stack.
    """
    out = Path(os.environ.get("CDKTF_OUTDIR", "cdktf.out"))
    entries = {}
    for name, document in stacks.items():
        outputs = {output: output for output in document.get("output", {})}
        local = {"backend": {"local": {"path": os.path.abspath(f"terraform.{name}.tfstate")}}}
        given = document.get("terraform", {})
        terraform = given if "cloud" in given else {**local, **given}
        metadata = {"backend": next(iter(terraform.get("backend", terraform))), "stackName": name}
        comment = {"metadata": {**metadata, "version": _VERSION}, "outputs": {name: outputs}}
        folder = Path("stacks", name)
        (out / folder).mkdir(parents=True, exist_ok=True)
        (out / folder / "cdk.tf.json").write_text(json.dumps({"//": comment, **document, "terraform": terraform}))
        entries[name] = {
            "name": name,
            "constructPath": name,
            "annotations": [{"constructPath": name, "level": "@cdktf/warn", "message": warning}] if warning else [],
            "dependencies": (dependencies or {}).get(name, []),
            "synthesizedStackPath": str(folder / "cdk.tf.json"),
            "workingDirectory": str(folder),
        }
    (out / "manifest.json").write_text(json.dumps({"stacks": entries, "version": _VERSION}))
