"""Errors have the real providers' words, and come in the same phase: validate, plan or apply."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from .adapted import stack
from .error_cases import NOT_COMPARED, cases
from .facts import Facts, formed
from .ledger import ACCOUNT
from .recorded import Json, recorded
from .stacks import Stack

SECTION = "error"
# Cases of a data source, of the provider's configuration and of a destroy, which have their own tests.
OWN_TEST = {
    "data iam_policy_document: duplicate sid",
    "data iam_policy_document: version unknown",
    "provider: region missing",
    "provider: region unknown",
    "repository not empty, no force_delete (at destroy)",
}


# The text of versions 1 and 2 of AWS's SDK for Go around AWS's code and message.
_SDK = re.compile(
    r"operation error [^:]+: \w+, https response error StatusCode: \d+, RequestID: [^,]+, "
    r"|\n\tstatus code: \d+, request id: \S+|\n\{\n  RespMetadata: .*",
    re.DOTALL,
)


def facts(diagnostics: list[Json]) -> Facts:
    """Summaries and details, sorted: Terraform makes several requests at the same time."""
    said = sorted((formed(d["summary"]), formed(d.get("detail", ""))) for d in diagnostics)
    return {
        f"{what} {i}": text
        for i, both in enumerate(said)
        for what, text in zip(("summary", "detail"), both, strict=True)
    }


def configuration(named: dict[str, tuple[str, Json]]) -> tuple[Json, dict[str, str]]:
    """One configuration with a resource for each case, and the addresses by case."""
    config = stack("registry")
    config = {"terraform": config["terraform"], "provider": config["provider"], "resource": {}}
    addresses = {}
    for number, (case, (type_, arguments)) in enumerate(named.items()):
        config["resource"].setdefault(type_, {})[f"case{number}"] = arguments
        addresses[case] = f"{type_}.case{number}"
    return config, addresses


def of_one_sdk(real: Facts, ours: Facts) -> tuple[Facts, Facts]:
    """Without the SDK's text, for services that used version 1 of the SDK in the recorded provider."""
    if any("operation error" in text for text in real.values()):
        return real, ours
    plain = [{name: _SDK.sub("", text) for name, text in facts.items()} for facts in (real, ours)]
    return plain[0], plain[1]


def by_address(diagnostics: list[Json]) -> dict[str, list[Json]]:
    """Diagnostics by their resource."""
    found: dict[str, list[Json]] = {}
    for diagnostic in diagnostics:
        found.setdefault(diagnostic.get("address", ""), []).append(diagnostic)
    return found


def diagnostics_of(stack: Stack, *command: str) -> list[Json]:
    """The diagnostics of a command with JSON output."""
    lines = stack.run(*command, "-json", codes=(0, 1)).splitlines()
    return [line["diagnostic"] for line in map(json.loads, lines) if line["type"] == "diagnostic"]


def compare(addresses: dict[str, str], found: dict[str, list[Json]]) -> list[str]:
    """Compare the diagnostics with the recorded ones."""
    unlisted = []
    for case, address in addresses.items():
        real = recorded("errors")[case]["diagnostics"]
        unlisted += ACCOUNT.compare(SECTION, case, *of_one_sdk(facts(real), facts(found.get(address, []))))
    return unlisted


def test_every_recorded_error_is_compared() -> None:
    """Each recorded error is compared or has a reason why not."""
    compared = {case for phase in ("validate", "plan", "apply") for case in cases(phase)}
    assert compared | OWN_TEST | NOT_COMPARED.keys() == recorded("errors").keys()


def test_validate(empty: Stack) -> None:
    """`terraform validate` finds errors that need no provider configuration."""
    config, addresses = configuration(cases("validate"))
    document = {"statement": [], "version": "2020"}
    config["data"] = {"aws_iam_policy_document": {"x": document}}
    addresses["data iam_policy_document: version unknown"] = "data.aws_iam_policy_document.x"
    empty.write(config)
    output: Json = json.loads(empty.run("validate", "-json", codes=(1,)))
    assert not compare(addresses, by_address(output["diagnostics"]))


def test_plan(empty: Stack) -> None:
    """The plan finds errors that need the whole configuration of a resource."""
    config, addresses = configuration(cases("plan"))
    statements = [{"sid": "a", "actions": ["s3:Get*"], "resources": ["*"]}] * 2
    config["data"] = {"aws_iam_policy_document": {"x": {"statement": statements}}}
    addresses["data iam_policy_document: duplicate sid"] = "data.aws_iam_policy_document.x"
    empty.write(config)
    assert not compare(addresses, by_address(diagnostics_of(empty, "plan")))


@pytest.mark.parametrize(("case", "region"), [("region missing", None), ("region unknown", "mars-1")])
def test_region(empty: Stack, case: str, region: str | None) -> None:
    """A missing or unknown region is the first error."""
    config, _ = configuration({"x": ("aws_ecr_repository", {"name": "x"})})
    config["provider"]["aws"] |= {"region": region}
    empty.write(config)
    found = [d for d in diagnostics_of(empty, "plan") if d["severity"] == "error"]
    real = recorded("errors")[f"provider: {case}"]["diagnostics"]
    assert not ACCOUNT.compare(SECTION, f"provider: {case}", facts(real), facts(found))


def make_existing(aws: Any) -> None:
    """The existing resources of the cases named "already there"."""
    trust = '{"Version": "2012-10-17", "Statement": []}'
    aws("ecr").create_repository(repositoryName="exists")
    aws("iam").create_role(RoleName="exists", AssumeRolePolicyDocument=trust)
    aws("logs").create_log_group(logGroupName="/exists")
    aws("sns").create_topic(Name="exists")
    role = "arn:aws:iam::000000000000:role/r"
    aws("lambda").create_function(FunctionName="exists", Role=role, PackageType="Image", Code={"ImageUri": "x"})


def test_apply(empty: Stack, fidelity_aws: Any) -> None:
    """AWS's errors have the same form."""
    config, addresses = configuration(cases("apply"))
    make_existing(fidelity_aws)
    empty.write(config)
    try:
        assert not compare(addresses, by_address(diagnostics_of(empty, "apply", "-auto-approve")))
    finally:
        empty.run("destroy", "-auto-approve", "-input=false", codes=(0, 1))
        for service, operation, argument, name in (
            ("ecr", "delete_repository", "repositoryName", "exists"),
            ("iam", "delete_role", "RoleName", "exists"),
            ("logs", "delete_log_group", "logGroupName", "/exists"),
            ("lambda", "delete_function", "FunctionName", "exists"),
        ):
            getattr(fidelity_aws(service), operation)(**{argument: name})


def test_destroy(empty: Stack, fidelity_aws: Any) -> None:
    """A repository with an image in it is not destroyed without force_delete."""
    config, _ = configuration({"x": ("aws_ecr_repository", {"name": "notempty"})})
    empty.write(config)
    empty.run("apply", "-auto-approve", "-input=false")
    manifest = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json"})
    fidelity_aws("ecr").put_image(repositoryName="notempty", imageManifest=manifest, imageTag="1")
    try:
        case = "repository not empty, no force_delete (at destroy)"
        found = diagnostics_of(empty, "destroy", "-auto-approve")
        real = facts(recorded("errors")[case]["diagnostics"])
        assert not ACCOUNT.compare(SECTION, case, *of_one_sdk(real, facts(found)))
    finally:
        fidelity_aws("ecr").delete_repository(repositoryName="notempty", force=True)


def test_list_is_current() -> None:
    """Every listed difference of this section still exists."""
    assert not ACCOUNT.stale(SECTION)
