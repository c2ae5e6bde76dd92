"""Write the results of checkov's checks on synthesized stacks and Containerfiles. Runs where checkov is installed.

CDKTF writes null for the arguments of a block that are not set, which checks treat as values: nulls are removed. Checks
of policies read objects, so the JSON text of a policy is parsed.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# The environment of checkov does not have this package.
from checkov.common.bridgecrew.check_type import CheckType
from checkov.dockerfile.parser import parse
from checkov.dockerfile.registry import registry as dockerfile_registry
from checkov.dockerfile.runner import Runner as DockerfileRunner
from checkov.runner_filter import RunnerFilter
from checkov.terraform.checks.utils.base_cloudsplaining_iam_scanner import BaseTerraformCloudsplainingIAMScanner
from checkov.terraform.graph_builder.variable_rendering.evaluate_terraform import evaluate_terraform
from checkov.terraform_json.runner import TerraformJsonRunner
from checkov.terraform_json.utils import create_definitions

Result = dict[str, Any]

_EVERY = RunnerFilter()
# A quoted string, or a reference outside of one, in an expression of Terraform.
_TEXT_OR_REFERENCE = re.compile(r'"(?:\\.|[^"\\])*"|\b[a-z]\w*(?:\.[\w-]+|\[\w+\])+')


def main(asked: Path, answer: Path) -> None:
    """Write all results for `asked`: `stacks` has lists of files of one stage, `containerfiles` files."""
    # A check that fails for a value logs its traceback.
    logging.disable()
    wanted = json.loads(asked.read_text())
    stacks = [result for files in wanted["stacks"] for result in _stacks(files)]
    images = [result for file in wanted["containerfiles"] for result in _containerfile(file)]
    answer.write_text(json.dumps([*stacks, *images]))


def _stacks(files: list[str]) -> Iterator[Result]:
    definitions, _, unread = create_definitions([Path(file) for file in files])
    if unread:
        sys.exit(f"checkov cannot read {', '.join(unread)}")
    definitions = {file: _without_nulls(definition) for file, definition in definitions.items()}
    runner = TerraformJsonRunner()
    for file, definition in definitions.items():
        for kind, registry in runner.block_type_registries.items():
            for entity in definition.get(kind, ()):
                yield from _blocks(registry, kind, file, entity)
    runner.graph_manager.save_graph(runner.graph_manager.build_graph_from_definitions(definitions))
    for check, found in runner.run_graph_checks_results(_EVERY, CheckType.TERRAFORM_JSON).items():
        for one in found:
            block = one["entity"]
            # Its keys are those of several resources.
            yield _result(check, one["result"], block["file_path_"], block["id_"], [])


def _blocks(registry: Any, kind: str, file: str, entity: dict[str, Any]) -> Iterator[Result]:
    """Yield the results of the checks of one block; `entity` maps its type to its name to its arguments."""
    type_, name, _ = registry.extract_entity_details(entity)
    address = {"resource": f"{type_}.{name}", "provider": f"provider.{type_}"}.get(kind, f"{kind}.{type_}.{name}")
    entity = _with_policies(entity)
    # The cache is by block, whatever stage it is of.
    BaseTerraformCloudsplainingIAMScanner.policy_document_cache.clear()
    found = registry.scan(file, entity, [], _EVERY, report_type=CheckType.TERRAFORM_JSON)
    for check, one in found.items():
        yield _result(check, one["result"], file, address, one["evaluated_keys"])


def _containerfile(file: str) -> Iterator[Result]:
    instructions, lines = parse(file)
    # The build may override them.
    defaults = dict(one["value"].split("=", 1) for one in instructions.get("ARG", []) if "=" in one["value"])
    for base in instructions.get("FROM", []):
        base["value"] = re.sub(r"\$\{?(\w+)\}?", lambda name: defaults.get(name[1], name[0]), base["value"])
    for check, one in dockerfile_registry.scan(file, instructions, [], _EVERY).items():
        places = one["results_configuration"] or []
        for place in places if isinstance(places, list) else [places]:
            yield {**_result(check, one["result"], file, "", []), "line": place["startline"] + 1}
        if not places:
            yield {**_result(check, one["result"], file, "", []), "line": len(lines)}
    runner = DockerfileRunner()
    graph = runner.graph_manager.build_graph_from_definitions({file: instructions})
    runner.graph_manager.save_graph(graph)
    for check, found in runner.run_graph_checks_results(_EVERY, CheckType.DOCKERFILE).items():
        for one in found:
            yield {**_result(check, one["result"], file, "", []), "line": one["entity"]["__startline__"] + 1}


def _result(check: Any, outcome: str, file: str, address: str, keys: list[str]) -> Result:
    result = {"file": str(file), "address": address, "id": check.id, "text": check.name, "outcome": outcome}
    return {**result, "keys": [str(key) for key in keys or () if key]}


def _without_nulls(value: Any) -> Any:
    """Return a copy without nulls, which checkov also writes as `[None]`."""
    if isinstance(value, dict):
        return type(value)({key: _without_nulls(one) for key, one in value.items() if one not in (None, [None])})
    return [_without_nulls(one) for one in value if one is not None] if isinstance(value, list) else value


def _with_policies(value: Any) -> Any:
    """Return a copy in which each policy is an object: a JSON string or a call of `jsonencode` is parsed."""
    if isinstance(value, dict):
        return type(value)({key: _with_policies(one) for key, one in value.items()})
    if isinstance(value, list):
        return [_with_policies(one) for one in value]
    if not isinstance(value, str) or "Statement" not in value:
        return value
    try:
        policy = json.loads(value)
    except ValueError:
        if not value.startswith("${jsonencode("):
            return value
        policy = evaluate_terraform(_TEXT_OR_REFERENCE.sub(_quoted, value))
    return policy if isinstance(policy, dict) else value


def _quoted(found: re.Match[str]) -> str:
    return found[0] if found[0].startswith('"') else f'"${{{found[0]}}}"'


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
