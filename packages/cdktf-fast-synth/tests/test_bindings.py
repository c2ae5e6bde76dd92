"""Published bindings import with the patches in each style that public apps use."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from test_versions import INJECT, run

# The last release of each major version, and the styles. AWS up to 9 and docker up to 2 have classes in the package.
RELEASES = (
    (
        "aws",
        "6.0.6 7.0.68 8.0.21 9.0.52",
        ("from {} import AwsProvider, kms, sqs", "from {}.sqs import SqsQueue", "import {} as p; p.kms.KmsKey"),
    ),
    (
        "aws",
        "10.0.2 11.0.10 12.0.13 13.0.0 14.0.4 15.0.0 16.0.9 17.0.11 18.2.0 19.65.1 20.1.0 21.22.1",
        ("from {} import s3_bucket as b; b.S3Bucket", "import {} as p; p.provider.AwsProvider", "import {}.sqs_queue"),
    ),
    ("docker", "1.0.2 2.0.80", ("from {} import DockerProvider, Image", "import {} as p; p.Container")),
    (
        "docker",
        "3.0.12 4.0.3 5.0.0 6.0.1 7.0.1 8.0.0 9.0.0 10.0.0 11.6.0 12.0.3",
        ("from {} import image as i; i.Image", "import {} as p; p.provider.DockerProvider", "import {}.container"),
    ),
)
# Those of docker at which the form of the package changes: AWS's are large. `make test-bindings` tries all.
CHANGES = {"2.0.80", "3.0.12"}
CASES = [
    pytest.param(
        provider,
        version,
        styles,
        id=f"{provider}-{version}",
        marks=[pytest.mark.slow, *([] if version in CHANGES else [pytest.mark.bindings])],
    )
    for provider, versions, styles in RELEASES
    for version in versions.split()
]
# The submodules that are tested: to compile all of them takes a minute per version.
KEPT = {"_jsii", "provider", "s3_bucket", "sqs_queue", "kms", "sqs", "image", "container"}
# To load the assembly of AWS takes Node 20 s per version.
WITHOUT_NODE = "import jsii; jsii.JSIIAssembly.load = lambda *_: None"


@pytest.mark.parametrize(("provider", "version", "styles"), CASES)
def test_every_style_of_import(
    provider: str, version: str, styles: tuple[str, ...], tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    """Of each published major version."""
    assert pytestconfig.cache
    package = f"cdktf_cdktf_provider_{provider}"
    folder = pytestconfig.cache.mkdir("bindings") / f"{provider}-{version}"
    if not folder.exists():
        shutil.move(download(package, version, tmp_path), folder)
    code = "\n".join([WITHOUT_NODE, *(style.format(package) for style in styles)])
    done = run(code, os.pathsep.join(map(str, (INJECT, folder))))
    assert (done.stdout, done.stderr) == ("", "")


def download(package: str, version: str, folder: Path) -> Path:
    """Return a folder with the tested part of a release of the bindings."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir", f"--dest={folder}"]
    subprocess.run([*pip, f"{package}=={version}"], check=True)
    (wheel,) = folder.glob("*.whl")
    with ZipFile(wheel) as files:
        init = f"{package}/__init__.py"
        text = files.read(init).decode()
        left_out = set(re.findall(r"^from \. import (\w+)$", text, re.M)) - KEPT
        names = [f"{package}/{name}/__init__.py" for name in KEPT]
        files.extractall(folder / "part", [name for name in names if name in files.namelist()])
    wheel.unlink()
    lines = (line for line in text.splitlines() if re.sub(r"\W|from \. import ", "", line) not in left_out)
    (folder / "part" / init).write_text("\n".join(lines))
    return folder / "part"
