"""The mirror has the releases that the installed bindings require."""

from __future__ import annotations

from pathlib import Path

import pytest

from terraform_standins.serving.releases import RELEASES, Release, wanted

DESCRIPTION = "This repo builds the [bindings](https://registry.terraform.io/providers/{}/docs)."


@pytest.mark.parametrize(
    ("package", "provider", "expected"),
    [
        ("cdktn-provider-aws", "hashicorp/aws/6.99.1", Release("hashicorp", "aws", "6.99.1")),
        ("cdktf_cdktf_provider_docker", "kreuzwerker/docker/3.99.0", Release("kreuzwerker", "docker", "3.99.0")),
        ("cdktn-provider-random", "hashicorp/random/3.99.0", None),
        ("other-provider-aws", "hashicorp/aws/6.99.1", None),
    ],
)
def test_bindings_add_their_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str, provider: str, expected: Release | None
) -> None:
    """Bindings of both kinds, for the bundled providers; the releases of the bundled schemas are always there."""
    before = wanted()
    folder = tmp_path / f"{package.replace('-', '_')}-1.0.dist-info"
    folder.mkdir()
    description = DESCRIPTION.format(provider)
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n\n{description}\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert set(RELEASES) <= set(before)
    assert set(wanted()) - set(before) == ({expected} if expected else set())
