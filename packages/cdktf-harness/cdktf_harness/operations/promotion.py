"""Promotions: a stage runs exactly the images that another one runs, from a registry of its own, without a build."""

from __future__ import annotations

import hashlib
import json
import sys
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.operations import releases
from cdktf_harness.project.project import TABLE
from cdktf_harness.system.errors import CommandFailed, HarnessError, NotDeployed
from cdktf_harness.system.programs import run

# ECR takes parts of 5 to 10 MiB (API reference, UploadLayerPart); Lambda images have one manifest, no index.
_PART_BYTES = 10 * 2**20
_MANIFESTS = ("application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json")


@dataclass(frozen=True)
class Image:
    """The live image of a function in the stage that it comes from; `ecr` has the credentials for its `repository`.

    `signed`: the stage has a signing key, and the image a signature of it.
    """

    stage: str
    ecr: Any
    repository: str
    release: releases.Release
    signed: bool


def live_images(deployment: Deployment) -> dict[str, Image]:
    """Return the live image of each function by its key, with verified signatures if the stage has a signing key.

    Raises HarnessError if nothing is deployed, or an image is not in its repository.
    """
    stage, found = deployment.project.stage, {}
    for name in ("image_setting", "function", "repository"):
        if not getattr(deployment.project, name):
            raise HarnessError(f"[{TABLE}] has no `{name}`, without which nothing can be promoted: add it")
    try:
        functions = deployment.functions()
    except NotDeployed:
        raise NotDeployed(f"nothing is deployed in stage {stage}: deploy it first") from None
    for one in functions:
        image = Image(stage, one.client("ecr"), str(one.named("repository")), releases.live(one), bool(_key(one)))
        if not image.release.kept:
            raise HarnessError(f"{image.repository} has no image {image.release.digest} any more: deploy {stage} again")
        found[one.selected] = image
        _signature(one, "verify", image.release.digest)
    return found


def deploy_repositories(deployment: Deployment) -> None:
    """Deploy the repositories, unless they are: images are copied before the other stacks are. Raises HarnessError."""
    with suppress(NotDeployed):
        deployment.named("repository")
        return
    repository, function = (
        name.partition(".")[0] for name in (deployment.project.repository, deployment.project.function)
    )
    if repository == function:
        up = deployment.project.command(deployment.brought_up_by)
        raise HarnessError(
            f"the first deployment of stage {deployment.project.stage} has no repository yet: {up} first"
        )
    deployment.deploy(only=[repository])


def copy(deployment: Deployment, images: Mapping[str, Image]) -> dict[str, str]:
    """Copy the images to the deployment's repositories, and sign them there; return the settings that pin them.

    A signature names its repository, so each has its own. Raises HarnessError.
    """
    settings = {}
    for key, image in images.items():
        one = deployment.of(key)
        if _key(one) and not image.signed:
            raise HarnessError(
                f"this stage requires signed images, but {image.stage} signs none: set "
                f"`{one.project.signing_key_setting}` for {image.stage} and deploy it again"
            )
        with deployment.steps.step(f"Image of stage {image.stage}: {image.release.digest[:19]}") as step:
            step.outcome = f": {_copy(one, image)} layers copied"
        _signature(one, "sign", image.release.digest)
        settings[one.setting("image_setting")] = image.release.digest
    return settings


def _key(deployment: Deployment) -> str:
    return deployment.project.setting(deployment.project.signing_key_setting)


def _copy(deployment: Deployment, image: Image) -> int:
    """Copy an image with its tags, without the marks of releases; return how many layers were missing."""
    ecr, repository = deployment.client("ecr"), {"repositoryName": str(deployment.named("repository"))}
    source, digest = {"repositoryName": image.repository}, image.release.digest
    there = releases.image_tags(deployment)
    held = {tag: other for other, tags in there.items() for tag in tags}
    tags = [tag for tag in image.release.tags if not tag.startswith(releases.MARKS)] or [f"promoted-{digest[7:23]}"]
    for tag in tags:
        if held.get(tag, digest) != digest:
            raise HarnessError(
                f"{repository['repositoryName']} has another image under the immutable tag {tag}: delete that tag "
                f"(`aws ecr batch-delete-image`), or deploy {image.stage} again under a new one"
            )
    (found,) = image.ecr.batch_get_image(
        **source, imageIds=[{"imageDigest": digest}], acceptedMediaTypes=list(_MANIFESTS)
    )["images"]
    if digest != f"sha256:{hashlib.sha256(found['imageManifest'].encode()).hexdigest()}":
        raise HarnessError(f"{image.repository} has another manifest than that of {digest}: nothing is deployed")
    manifest = json.loads(found["imageManifest"])
    layers = {layer["digest"] for layer in (manifest["config"], *manifest["layers"])} if digest not in there else set()
    checked = ecr.batch_check_layer_availability(**repository, layerDigests=list(layers))["layers"] if layers else ()
    layers -= {layer["layerDigest"] for layer in checked if layer["layerAvailability"] == "AVAILABLE"}
    for layer in layers:
        url = image.ecr.get_download_url_for_layer(**source, layerDigest=layer)["downloadUrl"]
        upload = {**repository, "uploadId": ecr.initiate_layer_upload(**repository)["uploadId"]}
        sent = 0
        if not url.startswith(("https://", "http://localhost:")):
            raise HarnessError(f"{image.repository} has no layer {layer} at a URL of HTTPS: nothing is deployed")
        with urllib.request.urlopen(url, timeout=60) as answer:
            while part := answer.read(_PART_BYTES):
                last = sent + len(part) - 1
                ecr.upload_layer_part(**upload, partFirstByte=sent, partLastByte=last, layerPartBlob=part)
                sent = last + 1
        with suppress(ecr.exceptions.LayerAlreadyExistsException):
            ecr.complete_layer_upload(**upload, layerDigests=[layer])
    kind = {"imageManifestMediaType": found["imageManifestMediaType"]} if "imageManifestMediaType" in found else {}
    for tag in tags:
        if tag not in held:
            ecr.put_image(**repository, imageManifest=found["imageManifest"], **kind, imageDigest=digest, imageTag=tag)
    return len(layers)


def _signature(deployment: Deployment, action: str, digest: str) -> None:
    """Verify the signature of an image with the stage's key, or sign the image, if the stage has one."""
    if not (key := _key(deployment)):
        return
    name = str(deployment.named("repository"))
    (found,) = deployment.client("ecr").describe_repositories(repositoryNames=[name])["repositories"]
    image = f"{found['repositoryUri']}@{digest}"
    command = [sys.executable, "-m", "image_signature", action, "--key", key, image]
    with deployment.steps.step(f"Signature in {name}"):
        try:
            run(command, cwd=deployment.project.root, env=deployment.env)
        except CommandFailed as failure:
            raise HarnessError(failure.tail.splitlines()[-1] if failure.tail else str(failure)) from None
