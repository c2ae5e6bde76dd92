"""The documents name exactly the commands, settings and messages that exist."""

from __future__ import annotations

import html
import json
import re
import tomllib
from pathlib import Path

import pytest

from cdktf_harness.checks.checkov import VERSION
from stacks.settings import Settings

ROOT = Path(__file__).parents[2]
README, CONTRIBUTING, CHANGELOG = ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"
DOCS = ROOT / "docs"
SNAPSHOTS = ROOT / "tests" / "snapshot" / "__snapshots__" / "test_stacks"
PACKAGES = {path.parent.name: path for path in sorted((ROOT / "packages").glob("*/pyproject.toml"))}
DOCUMENTS = (
    README,
    CONTRIBUTING,
    CHANGELOG,
    *DOCS.glob("*.md"),
    *ROOT.glob("packages/*/README.md"),
    *ROOT.glob("packages/*/docs/*.md"),
)
HARNESS = ROOT / "packages" / "cdktf-harness"


def test_every_make_command_is_documented_and_exists() -> None:
    """The commands in the documents are the targets that `make` prints, and the other way round."""
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.M))
    # Not all of these are named: they are as those without `local-`.
    daily = re.findall(r"^DAILY := (.*)$", makefile, re.M)[0].split()
    text = "\n".join(document.read_text() for document in DOCUMENTS)
    # In code only: at the start of a line, after a backtick, inside $(...), or behind a variable.
    named = set(re.findall(r"(?:^|`|\$\(|`\w+=\S+ )make (?:-s )?([a-z]+(?:-[a-z]+)?)\b", text, re.M))
    assert named - {f"local-{name}" for name in daily} == targets - {"help"}


def test_the_settings_table_is_the_settings() -> None:
    """Each setting has a row with its default and description."""
    rows = re.findall(r"^\| `(\w+)` \|(.*?)\| (.*?) \|$", (DOCS / "settings.md").read_text(), re.M)
    expected = []
    for name, field in Settings.model_fields.items():
        default = field.default
        shown = f"`{default}`" if default != "" else ""
        expected.append((name, shown, field.description))
    assert [(name, default.strip(), text) for name, default, text in rows] == expected


def test_every_path_of_the_layout_and_of_contributing_exists() -> None:
    """The files and folders, in code, that these documents send a reader to."""
    layout = README.read_text().split("## Layout")[1].split("```")[1]
    names = [line.split()[0] for line in layout.strip().splitlines()]
    names += re.findall(r"`((?:stacks|tests|lambda_image|packages|docs)/[^`\s]*)`", CONTRIBUTING.read_text())
    assert len(names) > 20
    assert [name for name in names if not list(ROOT.glob(name))] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    """Links and pictures within the project, to a file and the heading in it."""
    links = re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", document.read_text())
    assert [link for link, _ in links if not (document.parent / link).exists()] == []
    assert [
        (link, place) for link, place in links if place and place not in headings(document.parent / link, document)
    ] == []


def headings(path: Path, document: Path) -> list[str]:
    """The places in a document, or in `document` itself, as GitHub names them."""
    text = (document if path.is_dir() else path).read_text()
    return [re.sub(r"[^\w -]", "", line.lower()).replace(" ", "-") for line in re.findall(r"^#+ (.*)$", text, re.M)]


def test_the_picture_of_a_terminal_is_that_of_the_app() -> None:
    """Number of resources and stage are those of the reviewed stacks; `python -m benchmarks terminal` records it."""
    texts = re.findall(r"<text[^>]*>(.*?)</text>", (DOCS / "make-local.svg").read_text())
    shown = html.unescape("\n".join(texts)).replace("\xa0", " ")
    stacks = [json.loads(path.read_text()) for path in SNAPSHOTS.glob("test_synthesized_stack[[]local-*.json")]
    stage = json.loads((ROOT / "cdktf.json").read_text())["context"]["stage"]
    resources = sum(len(named) for stack in stacks for named in stack["resource"].values())
    assert re.findall(r"^  (\d+) added$", shown, re.MULTILINE) == [str(resources)]
    assert set(re.findall(r"/restapis/\w+/(\w+)/_user_request_", shown)) == {stage}


def test_the_checkov_of_the_harness_is_the_one_that_is_installed() -> None:
    """Its program uses parts of checkov that are not for others, so the version is one."""
    locked = json.loads((ROOT / "Pipfile.lock").read_text())["checks"]["checkov"]["version"]
    reference = (HARNESS / "docs" / "reference.md").read_text()
    assert [locked] == re.findall(r"checkov(==[\d.]+)", reference) == [f"=={VERSION}"]


def releases() -> list[tuple[str, str]]:
    """The versions in the changelog that have a date, the newest first, each with its date."""
    return re.findall(r"^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)$", CHANGELOG.read_text(), re.M)


def test_the_packages_have_the_version_of_the_changelog() -> None:
    """All have one version: that of the newest release, before which there is 0.1.0."""
    versions = {tomllib.loads(path.read_text())["project"]["version"] for path in PACKAGES.values()}
    assert versions == {version for version, _ in [*releases(), ("0.1.0", "")][:1]}


def test_the_chart_is_not_older_than_a_release() -> None:
    """`make bench` measures and draws it."""
    measured = json.loads((ROOT / "benchmarks" / "results.json").read_text())["date"]
    assert measured >= max((date for _, date in releases()), default="")


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_is_installed_with_those_of_ours_that_it_requires(name: str) -> None:
    """Pip asks a package index for a name that no path has, and anybody could register it there."""
    readme = (PACKAGES[name].parent / "README.md").read_text()
    commands = re.findall(r"pip install ((?:\\\n|[^`\n])*CHECKOUT(?:\\\n|[^`\n])*)", readme)
    named = [set(re.findall("|".join(PACKAGES), command)) for command in commands]
    assert named
    for names in named:
        assert name in names
        assert names == {required for each in names for required in (each, *requires(each))}


def requires(name: str) -> list[str]:
    """The packages of this repository that one of them requires directly."""
    required = tomllib.loads(PACKAGES[name].read_text())["project"]["dependencies"]
    return [each for each in required if each in PACKAGES]


def test_every_message_of_the_table_is_one_that_is_shown() -> None:
    """The quoted messages are in the source; `...` stands for variable text."""
    table = (DOCS / "troubleshooting.md").read_text().split("## Messages")[1]
    messages = re.findall(r"^\| `([^`]+)` \|", table, re.M)
    assert len(messages) > 3
    sources = "".join(path.read_text() for path in (ROOT / "packages").glob("*/*/**/*.py"))
    pieces = [piece.strip() for message in messages for piece in message.split("...")]
    assert [piece for piece in pieces if piece not in sources] == []
