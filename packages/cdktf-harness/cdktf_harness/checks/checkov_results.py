"""Write the results of checkov's checks on synthesized stacks and Containerfiles. Runs where checkov is installed.

checkov's own command line omits unknown results, and treats a reference as a value: a check that requires an argument
passes. Here, a result that depends on a value unknown before apply is UNKNOWN: each check of one block is repeated with
other values in place of its references (3.3.30). Checks of several blocks (CKV2_...) follow references: their results
are checkov's own.

CDKTF writes null for the arguments of a block that are not set, which checks treat as values: nulls are removed. Checks
of policies read objects, so the JSON text of a policy is parsed.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Callable, Iterator
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
# Values that checks distinguish; None is a missing argument.
_PROBES = (None, "", "*", "0.0.0.0/0", "text", True, 0, 65535)
# Every resource and data source has them.
_CERTAIN = re.compile(r"(?!var\.|local\.|module\.)(?:data\.)?\w+\.[\w-]+\.(?:arn|id)")
_CERTAIN_VALUE = "arn:aws:service:region:123456789012:name"
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

    def scan(probed: dict[str, Any]) -> dict[Any, Any]:
        # The cache is by block, whatever value is probed.
        BaseTerraformCloudsplainingIAMScanner.policy_document_cache.clear()
        return dict(registry.scan(file, probed, [], _EVERY, report_type=CheckType.TERRAFORM_JSON))

    type_, name, _ = registry.extract_entity_details(entity)
    address = {"resource": f"{type_}.{name}", "provider": f"provider.{type_}"}.get(kind, f"{kind}.{type_}.{name}")
    entity = _with_policies(entity)
    # With references as they are, checkov knows some results that depend on one.
    first = scan(_with_values(entity, lambda text, whole: text))
    others = (
        [scan(_without_nulls(_with_values(entity, _replaced(probe)))) for probe in _PROBES]
        if "${" in json.dumps(entity)
        else []
    )
    for check, one in first.items():
        # A failure for a value that the argument cannot have has no meaning.
        probed = {other[check]["result"] for other in others} - {"UNKNOWN"}
        outcome = one["result"] if probed <= {one["result"]} else "UNKNOWN"
        if outcome != "UNKNOWN" or probed:
            yield _result(check, outcome, file, address, one["evaluated_keys"])


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


def _replaced(probe: Any) -> Callable[[str, bool], Any]:
    def replace(reference: str, whole: bool) -> Any:
        if _CERTAIN.fullmatch(reference[2:-1]):
            return _CERTAIN_VALUE
        return probe if whole else str("" if probe is None else probe)

    return replace


def _with_values(value: Any, replace: Callable[[str, bool], Any]) -> Any:
    """Return a copy of `value` with `replace(reference, whole)` in place of each `${...}`."""
    if isinstance(value, dict):
        return type(value)({key: _with_values(one, replace) for key, one in value.items()})
    if isinstance(value, list):
        return [_with_values(one, replace) for one in value]
    if not isinstance(value, str) or "${" not in value:
        return value
    parts = list(_parts(value))
    if len(parts) == 1 and parts[0][1]:
        return replace(parts[0][0], True)
    return "".join(str(replace(part, False)) if reference else part for part, reference in parts)


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """Split a template into its literals and its references, which may contain braces."""
    start = position = 0
    while (begin := text.find("${", position)) >= 0:
        if text[begin - 1 : begin] == "$":  # `$${` is a text
            position = begin + 2
            continue
        depth, end = 1, begin + 2
        while depth and end < len(text):
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        if text[start:begin]:
            yield text[start:begin], False
        yield text[begin:end], True
        start = position = end
    if text[start:]:
        yield text[start:], False


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
