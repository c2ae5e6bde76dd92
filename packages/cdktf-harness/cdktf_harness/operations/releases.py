"""The releases of a function from an image: its published versions, with the tags of their images.

AWS has all of it, so each machine sees the same. A tag that ends as `git describe` writes it (`...-g3fa9c1d`) names the
commit; a tag that begins with `release-` marks an image that answered after its deployment, one that begins with
`undone-` an image that was rolled back, and the version that ran it then.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.project.project import TABLE
from cdktf_harness.system.errors import HarnessError

_GOOD, _UNDONE = "release-", "undone-"
MARKS = (_GOOD, _UNDONE)
_COMMIT = re.compile(r"-g([0-9a-f]{7,40}(?:-dirty)?)$")


@dataclass(frozen=True)
class Release:
    """A published version; `digest` and `tags` are those of its image, empty if unknown."""

    version: str
    time: datetime
    live: bool
    digest: str = ""
    tags: tuple[str, ...] = ()

    @property
    def commit(self) -> str:
        """The commit from which the image was built."""
        return next((found[1] for tag in self.tags if (found := _COMMIT.search(tag))), "")

    @property
    def good(self) -> bool:
        """Whether the image answered after a deployment of it."""
        return any(tag.startswith(_GOOD) for tag in self.tags)

    @property
    def undone(self) -> bool:
        """Whether this version, or a later one with the same image, was rolled back."""
        marks = [tag.split("-")[1] for tag in self.tags if tag.startswith(_UNDONE)]
        return self.version.isdecimal() and any(int(self.version) <= int(mark) for mark in marks)

    @property
    def kept(self) -> bool:
        """Whether the image is in the repository."""
        return bool(self.tags)

    def document(self) -> dict[str, Any]:
        """Return the release as JSON."""
        names = ("version", "digest", "commit", "live", "good", "undone", "kept")
        return {"time": self.time.isoformat(timespec="seconds"), **{name: getattr(self, name) for name in names}}


def live(deployment: Deployment) -> Release:
    """Return the version of the alias, or $LATEST of a function without an alias. Raises HarnessError."""
    return _one(deployment, live=True, **deployment.live_function())


def published(deployment: Deployment, version: str) -> Release:
    """Return one published version. Raises HarnessError."""
    return _one(deployment, live=False, FunctionName=str(deployment.named("function")), Qualifier=version)


def releases(deployment: Deployment, most: int) -> list[Release]:
    """Return the last `most` published versions, newest first. Raises HarnessError."""
    function, client = str(deployment.named("function")), deployment.client("lambda")
    pages = client.get_paginator("list_versions_by_function").paginate(FunctionName=function)
    found = [version for page in pages for version in page["Versions"] if version["Version"] != "$LATEST"]
    current = ""
    if deployment.project.alias:
        current = client.get_alias(FunctionName=function, Name=str(deployment.named("alias")))["FunctionVersion"]
    newest = sorted(found, key=lambda version: int(version["Version"]), reverse=True)[:most]
    tags = image_tags(deployment)
    return [_release(version, tags, live=version["Version"] == current) for version in newest]


def chosen(found: Sequence[Release], wanted: str) -> Release:
    """Return the release to restore: the version or digest (or its beginning) `wanted`, else the last good one.

    A version that was rolled back must be named, until it is deployed again, as another version. Raises HarnessError.
    """
    if wanted:
        matching = [release for release in found if wanted == release.version or _begins(release.digest, wanted)]
        if len({release.digest for release in matching}) != 1:
            known = ", ".join(f"{release.version} ({release.digest[7:19]})" for release in found)
            raise HarnessError(f"{len(matching)} releases match {wanted!r}: name one of {known or 'none'}")
        if not matching[0].kept:
            raise HarnessError(f"the repository has no image of version {matching[0].version} any more: name another")
        return matching[0]
    current = next((release for release in found if release.live), None)
    for release in found:
        older = current and int(release.version) < int(current.version) and release.digest != current.digest
        if older and release.good and release.kept and not release.undone:
            return release
    raise HarnessError(
        "there is no earlier release that answered after its deployment and was not rolled back: name a version or a "
        "digest"
    )


def roll_back(deployment: Deployment, releases: Sequence[tuple[Deployment, Release]]) -> None:
    """Deploy the app with the images of functions' releases instead of the source's. Raises HarnessError.

    The next deployment uses the source's images again. Mark the image of each live release as undone.
    """
    if not deployment.project.image_setting:
        raise HarnessError(f"[{TABLE}] has no `image_setting`: add the setting with the digest of an image to run")
    # Before the deployment, after which the command may be killed.
    for one, release in releases:
        current = live(one)
        if current.digest != release.digest and current.version.isdecimal():
            _mark(one, current, f"{_UNDONE}{current.version}-")
    deployment.builds = False
    deploy_with(deployment, {one.setting("image_setting"): release.digest for one, release in releases})


def deploy_with(deployment: Deployment, settings: Mapping[str, str], *, only: Collection[str] = ()) -> None:
    """Deploy the app, or `only` some stacks, once with other values of its settings. Raises HarnessError."""
    env = deployment.env
    variables = deployment.project.variables(f"{name}={value}" for name, value in settings.items())
    deployment.env = {**env, **variables}
    try:
        deployment.deploy(only=only)
    finally:
        deployment.env = env


def image_tags(deployment: Deployment) -> dict[str, tuple[str, ...]]:
    """Return the tags of all images in the repository by digest: ECR refuses a request that names a deleted one."""
    if not deployment.project.repository:
        return {}
    pages = deployment.client("ecr").get_paginator("describe_images")
    images = (page["imageDetails"] for page in pages.paginate(repositoryName=str(deployment.named("repository"))))
    return {image["imageDigest"]: tuple(image.get("imageTags", ())) for page in images for image in page}


def mark_good(deployment: Deployment, release: Release) -> None:
    """Tag the image of a release as one that answered. The repository's lifecycle policy can keep such images."""
    if not release.good:
        _mark(deployment, release, _GOOD)


def _mark(deployment: Deployment, release: Release, mark: str) -> None:
    """Give the image of a release another tag, if it is in the repository: its digest makes the tag unique."""
    tag = f"{mark}{release.digest.removeprefix('sha256:')[:16]}"
    if not release.kept or tag in release.tags:
        return
    ecr, image = deployment.client("ecr"), {"repositoryName": str(deployment.named("repository"))}
    (found,) = ecr.batch_get_image(**image, imageIds=[{"imageDigest": release.digest}])["images"]
    manifest = {name: found[name] for name in ("imageManifest", "imageManifestMediaType")}
    ecr.put_image(**image, **manifest, imageDigest=release.digest, imageTag=tag)


def _begins(digest: str, wanted: str) -> bool:
    # A shorter text may be a version.
    return len(wanted) >= 6 and digest.removeprefix("sha256:").startswith(wanted.removeprefix("sha256:"))


def _one(deployment: Deployment, *, live: bool, **function: str) -> Release:
    found = deployment.client("lambda").get_function_configuration(**function)
    return _release(found, image_tags(deployment), live=live)


def _release(found: Mapping[str, Any], tags: Mapping[str, tuple[str, ...]], *, live: bool) -> Release:
    # The hash of an image's code is its digest.
    digest = f"sha256:{found['CodeSha256']}" if found.get("PackageType") == "Image" else ""
    return Release(found["Version"], datetime.fromisoformat(found["LastModified"]), live, digest, tags.get(digest, ()))
