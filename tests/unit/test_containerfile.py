"""The Containerfile's public base images, for which the harness has equal ones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cdktf_harness.docker.recipes import RECIPES
from cdktf_harness.project.project import find
from cdktf_lambda_api.image import SOURCE_DATE_EPOCH
from checkout import PROJECT

CONTAINERFILE = PROJECT / "lambda_image" / "Containerfile"
CONTAINERFILES = [CONTAINERFILE, *sorted(PROJECT.glob("examples/*/*/Containerfile"))]


@pytest.mark.parametrize("containerfile", CONTAINERFILES, ids=lambda path: str(path.parent.relative_to(PROJECT)))
def test_local_bases_stand_for_the_public_ones(containerfile: Path) -> None:
    """Each base argument's default is the image that the local one in pyproject.toml replaces, at one time."""
    defaults = dict(re.findall(r"^ARG (\w+)=(\S+)$", containerfile.read_text().partition("\nFROM ")[0], re.M))
    named = {argument: default.partition("@sha256:") for argument, default in defaults.items()}
    bases = find(PROJECT).bases
    assert {argument: tag for argument, (tag, _, _) in named.items()} == {
        argument: RECIPES[name].stands_for for argument, name in bases.items()
    }
    assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for _, _, digest in named.values()), "pin each base by digest"


def test_a_build_by_hand_has_the_times_of_a_deployment() -> None:
    """Its layers are those that are deployed."""
    assert set(re.findall(r"^ARG SOURCE_DATE_EPOCH=(\d+)$", CONTAINERFILE.read_text(), re.M)) == {SOURCE_DATE_EPOCH}


def test_requirements_are_pinned_for_both_architectures() -> None:
    """The function's requirements can be installed with hashes on arm64 and x86_64: compiled wheels have two."""
    text = (PROJECT / "lambda_image" / "requirements.txt").read_text()
    requirements = dict(re.findall(r"^(\S+)==\S+ \\\n((?:    --hash=\S+(?: \\)?\n)+)", text, re.M))
    assert {name: hashes.count("--hash=sha256:") for name, hashes in requirements.items()} == {
        "awslambdaric": 2,
        "simplejson": 2,
        "snapshot_restore_py": 1,
    }
