"""The releases of a function from an image: its published versions, and what the images' repository knows of each.

AWS has all of it, so any machine sees the same. A tag that ends as `git describe` writes it (`...-g3fa9c1d`) tells the
commit; a tag that begins with `release-` marks an image that answered after its deployment, one that begins with
`undone-` an image that was rolled back from, and the version that ran it then.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.project.project import TABLE
from cdktf_harness.system.errors import HarnessError

GOOD, UNDONE = "release-", "undone-"
_COMMIT = re.compile(r"-g([0-9a-f]{7,40}(?:-dirty)?)$")


@dataclass(frozen=True)
class Release:
    """A published version; `digest`, `commit` and `tags` are those of its image, empty where unknown."""

    version: str
    time: datetime
    live: bool
    digest: str = ""
    tags: tuple[str, ...] = ()

    @property
    def commit(self) -> str:
        """The commit that the image was built of."""
        return next((found[1] for tag in self.tags if (found := _COMMIT.search(tag))), "")

    @property
    def good(self) -> bool:
        """Whether the image answered after a deployment of it."""
        return any(tag.startswith(GOOD) for tag in self.tags)

    @property
    def undone(self) -> bool:
        """Whether a rollback from this version, or from a later one with the same image, has taken place."""
        marks = [tag.split("-")[1] for tag in self.tags if tag.startswith(UNDONE)]
        return self.version.isdecimal() and any(int(self.version) <= int(mark) for mark in marks)

    @property
    def kept(self) -> bool:
        """Whether the image is in the repository."""
        return bool(self.tags)

    def document(self) -> dict[str, Any]:
        """The release as JSON."""
        return {
            "version": self.version,
            "digest": self.digest,
            "time": self.time.isoformat(timespec="seconds"),
            "commit": self.commit,
            "live": self.live,
            "good": self.good,
            "undone": self.undone,
            "kept": self.kept,
        }


def live(deployment: Deployment) -> Release:
    """The version that the alias points to, or the newest state of a function without one. Raises HarnessError."""
    return _described(deployment, live=True, **deployment.live_function())


def published(deployment: Deployment, version: str) -> Release:
    """One published version. Raises HarnessError."""
    return _described(deployment, live=False, FunctionName=str(deployment.named("function")), Qualifier=version)


def releases(deployment: Deployment, most: int) -> list[Release]:
    """The last `most` published versions, the newest first. Raises HarnessError."""
    function, client = str(deployment.named("function")), deployment.client("lambda")
    pages = client.get_paginator("list_versions_by_function").paginate(FunctionName=function)
    found = [version for page in pages for version in page["Versions"] if version["Version"] != "$LATEST"]
    now = ""
    if deployment.project.alias:
        now = client.get_alias(FunctionName=function, Name=str(deployment.named("alias")))["FunctionVersion"]
    newest = sorted(found, key=lambda version: int(version["Version"]), reverse=True)[:most]
    return _tagged(deployment, [_release(version, live=version["Version"] == now) for version in newest])


def chosen(found: Iterable[Release], wanted: str) -> Release:
    """The release to go back to: the version or digest (or its beginning) that is `wanted`, else the last good one.

    What was rolled back from must be named; deployed again, it is another version, which is not. Raises HarnessError.
    """
    found = list(found)
    current = next((release for release in found if release.live), None)
    if wanted:
        fitting = [release for release in found if wanted == release.version or _begins(release.digest, wanted)]
        if len({release.digest for release in fitting}) != 1:
            known = ", ".join(f"{release.version} ({release.digest[7:19]})" for release in found)
            raise HarnessError(f"{len(fitting)} releases are {wanted!r}; there are {known or 'none'}")
        (release, *_) = fitting
        if not release.kept:
            raise HarnessError(f"the image of version {release.version} is not in the repository any more")
        return release
    older = [
        release
        for release in found
        if current and int(release.version) < int(current.version) and release.digest != current.digest
    ]
    for release in older:
        if release.good and release.kept and not release.undone:
            return release
    raise HarnessError(
        "there is no earlier release that answered after its deployment and was not rolled back from; "
        "name a version or a digest"
    )


def roll_back(deployment: Deployment, release: Release) -> None:
    """Deploy the app with the image of a release instead of the source's, such as an earlier one. Raises HarnessError.

    Only this deployment: the next one takes the source's image again. The image of the live release is marked as
    undone, unless the other one is: that goes forward again.
    """
    if not deployment.project.image_setting:
        raise HarnessError(f"[{TABLE}] needs `image_setting`, of the digest of an image to run")
    # Before, since a command may be killed after the deployment.
    current = live(deployment)
    if not release.undone and current.digest != release.digest and current.version.isdecimal():
        _mark(deployment, current, f"{UNDONE}{current.version}")
    deploy_with(deployment, {deployment.project.image_setting: release.digest})


def deploy_with(deployment: Deployment, settings: Mapping[str, str], *, only: Collection[str] = ()) -> None:
    """Deploy the app, or `only` some stacks, with other values of its settings. Only this once. Raises HarnessError."""
    env = deployment.env
    variables = deployment.project.variables(f"{name}={value}" for name, value in settings.items())
    deployment.env = {**env, **variables}
    try:
        deployment.deploy(only=only)
    finally:
        deployment.env = env


def mark_good(deployment: Deployment, release: Release) -> None:
    """Tag the image of a release as one that answered. The repository's lifecycle policy can keep such images."""
    if not release.good:
        _mark(deployment, release, GOOD.removesuffix("-"))


def _mark(deployment: Deployment, release: Release, mark: str) -> None:
    """Give the image of a release another tag, if it is in the repository: its digest makes the tag unique."""
    tag = f"{mark}-{release.digest.removeprefix('sha256:')[:16]}"
    if not release.kept or tag in release.tags:
        return
    repository, ecr = str(deployment.named("repository")), deployment.client("ecr")
    image = {"repositoryName": repository, "imageIds": [{"imageDigest": release.digest}]}
    (found,) = ecr.batch_get_image(**image)["images"]
    ecr.put_image(
        repositoryName=repository,
        imageManifest=found["imageManifest"],
        imageManifestMediaType=found["imageManifestMediaType"],
        imageDigest=release.digest,
        imageTag=tag,
    )


def _begins(digest: str, wanted: str) -> bool:
    # So short a text may be a version.
    return len(wanted) >= 6 and digest.removeprefix("sha256:").startswith(wanted.removeprefix("sha256:"))


def _described(deployment: Deployment, *, live: bool, **function: str) -> Release:
    found = deployment.client("lambda").get_function_configuration(**function)
    (release,) = _tagged(deployment, [_release(found, live=live)])
    return release


def _release(found: Mapping[str, Any], *, live: bool) -> Release:
    # Of an image, AWS's hash of the code is its digest.
    code = found["CodeSha256"] if found.get("PackageType") == "Image" else ""
    return Release(
        version=found["Version"],
        time=datetime.fromisoformat(found["LastModified"]),
        live=live,
        digest=code and f"sha256:{code}",
    )


def _tagged(deployment: Deployment, found: list[Release]) -> list[Release]:
    """The releases with the tags of their images."""
    digests = sorted({release.digest for release in found} - {""})
    if not digests or not deployment.project.repository:
        return found
    pages = deployment.client("ecr").get_paginator("describe_images")
    tags: dict[str, tuple[str, ...]] = {}
    # All: a request that names an image that is gone is refused.
    for page in pages.paginate(repositoryName=str(deployment.named("repository"))):
        for image in page["imageDetails"]:
            tags[image["imageDigest"]] = tuple(image.get("imageTags", ()))
    return [
        Release(release.version, release.time, release.live, release.digest, tags.get(release.digest, ()))
        for release in found
    ]
