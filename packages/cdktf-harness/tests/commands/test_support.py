"""What of an app can be deployed here is reported before anything starts."""

from __future__ import annotations

from pathlib import Path

from .mirrors import network_mirror
from .running import run, succeed, write_app

AWS = "'terraform': {'required_providers': {'aws': {'source': 'hashicorp/aws', 'version': '6.25.0'}}}"
QUEUE = "'aws_sqs_queue': {'jobs': {'name': 'jobs'}}"
INSTANCE = "'aws_instance': {'a': {'ami': 'ami-0abcdef1234567890', 'instance_type': 't3.micro'}}"
OTHERS = "'aws_no_such': {'a': {}, 'b': {}}, 'aws_gamelift_build': {'c': {}}, 'aws_s3_no_such': {'d': {}}"
REPORT = [
    "  aws_gamelift_build (aws_gamelift_build.c): the embedded cloud does not have gamelift; leave it out with "
    "--supported-only",
    "  aws_no_such (aws_no_such.a, and 1 more): not bundled; take the real provider with --providers auto, or write "
    "the type (docs/adding-a-type.md)",
    "  aws_s3_no_such (aws_s3_no_such.d): not bundled, and the real provider does not reach S3 here; write "
    "the type (docs/adding-a-type.md)",
    "  the variable key of stack one has no value; set TF_VAR_key",
    "error: 2 of 6 resources can be deployed here, not aws_no_such, aws_gamelift_build, aws_s3_no_such; see above, or "
    "deploy the others with --supported-only",
]


def write(root: Path, *stacks: str) -> None:
    """Write an app of the stacks `one`, `two`, each with these resources and more."""
    named = ", ".join(f"'{name}': {{{AWS}, {stack}}}" for name, stack in zip(("one", "two"), stacks, strict=False))
    write_app(root, {"pyproject.toml": "[tool.cdktf-harness]\n"})
    main = (root / "main.py").read_text().partition("synth(")[0]
    (root / "main.py").write_text(f"{main}synth({{{named}}})\n")


def test_what_cannot_be_deployed_is_reported_before_anything_starts(app: Path) -> None:
    """With the place of each type and what to do; `--supported-only` deploys the others, also later.

    A record is named once, when it is deployed.
    """
    write(app, f"'resource': {{{QUEUE}, {INSTANCE}, {OTHERS}}}, 'variable': {{'key': {{}}}}")
    done = run(app, "up", PROVIDERS="bundled")
    assert done.returncode == 1
    assert done.lines[1:] == REPORT
    assert not (app / ".cdktf-harness/local/cloud").exists()
    done = succeed(app, "up", "--supported-only", PROVIDERS="bundled", TF_VAR_key="x")
    assert "  2 added" in done.lines
    note = "  nothing runs behind aws_instance.a (aws_instance.a): the embedded cloud keeps a record only"
    assert done.lines.count(note) == 1
    assert note not in succeed(app, "up", "--supported-only", PROVIDERS="bundled", TF_VAR_key="x").lines
    assert "No changes" in succeed(app, "diff", TF_VAR_key="x").output


def test_a_service_is_known_by_the_words_of_a_type(app: Path) -> None:
    """Not only by the first one: the embedded cloud has Route 53, but not its resolver."""
    others = {"aws_appautoscaling_target": "application-autoscaling", "aws_route53_resolver_rule": "route53resolver"}
    write(app, f"'resource': { ({type_: {'a': {}} for type_ in others}) }")
    done = run(app, "check", "--local", PROVIDERS="bundled")
    for type_, service in others.items():
        lacks = f"{type_} ({type_}.a): the embedded cloud does not have {service}; leave it out with --supported-only"
        assert any(line.endswith(lacks) for line in done.lines)


def test_types_of_the_app_are_known(app: Path) -> None:
    """Without an import of their module; a service may have another name in the embedded cloud than in a type."""
    write(app, "'resource': {'aws_no_such': {'a': {}}, 'aws_cloudwatch_no_such': {'b': {}}}")
    (app / "pyproject.toml").write_text("[tool.cdktf-harness]\ntypes = ['mine']\n")
    (app / "mine.py").write_text("class Mine:\n    type_name, label = 'aws_no_such', 'x'\n".replace("'", '"'))
    done = run(app, "check", "--local", PROVIDERS="bundled")
    assert [line.partition(": ")[2].partition(";")[0] for line in done.lines if "no_such (" in line] == ["not bundled"]


def test_the_error_names_the_resource_that_has_it(app: Path) -> None:
    """Also if another resource, which comes first in the stack, has another error."""
    bad = {"aws_iam_policy": {"a": {"policy": "x"}}, "aws_iam_role": {"a": {"assume_role_policy": "y"}}}
    write(app, f"'resource': {bad}")
    done = run(app, "up", PROVIDERS="bundled")
    first = next(line for line in done.lines if line.startswith("Error: ")).removeprefix("Error: ")
    of = "aws_iam_role.a" if "assume_role_policy" in first else "aws_iam_policy.a"
    assert done.lines[-1] == f"error: terraform apply of stack one: {first} ({of})"


def test_a_block_that_others_refer_to_is_not_left_out(app: Path) -> None:
    """The error names it and the stack."""
    write(app, "'resource': {'aws_no_such': {'a': {}}}, 'output': {'id': {'value': '${aws_no_such.a.id}'}}")
    done = run(app, "up", "--supported-only", PROVIDERS="bundled")
    assert done.lines[-1] == ("error: aws_no_such.a (aws_no_such.a) cannot be left out, since stack one refers to it")


def test_a_stack_with_a_type_that_is_not_bundled_takes_the_real_providers(app: Path, tmp_path: Path) -> None:
    """From the user's mirror; the other stack takes the bundled ones. Without a registry, it is reported."""
    write(app, f"'resource': {{{QUEUE}}}", "'resource': {'aws_no_such': {'a': {}}}")
    done = run(app, "up", XDG_CACHE_HOME=str(app / "cache"), TF_CLI_CONFIG_FILE="", HOME=str(app))
    assert done.lines[-1].startswith("error: 1 of 2 resources can be deployed here, not aws_no_such; see above")
    with network_mirror(tmp_path) as (configuration, certificate, asked):
        own = {"TF_CLI_CONFIG_FILE": str(configuration), "SSL_CERT_FILE": str(certificate)}
        done = run(app, "up", XDG_CACHE_HOME=str(app / "cache"), **own)
    assert "  two: the real providers, for aws_no_such" in done.lines
    assert any(path.endswith(".zip") for path in asked)
    assert any(line.startswith("✓ Stack one: 1 added") for line in done.lines)
