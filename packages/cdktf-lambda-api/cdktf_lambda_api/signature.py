"""The signature of the function's image."""

from __future__ import annotations

from cdktf import DataResource, LocalExecProvisioner, TerraformResourceLifecycle
from constructs import Construct

from cdktf_lambda_api.cloud import Cloud
from cdktf_lambda_api.image import Image

# The package image-signature, by the Python that runs the app, too.
_PROGRAM = ("python", "-m", "image_signature")


class Signature(Construct):
    """A signature of an image by a KMS key, which is made where there is none, and verified.

    That happens when the digest or the key changes, on the machine that runs Terraform. A function of the image is not
    changed if the signature is missing or wrong.

    Only what a deployment pushed itself is signed. Another image, one that is pinned or that somebody put under the
    tag since (the provider reads the digest by the tag at each refresh), is verified.
    """

    def __init__(self, scope: Construct, id_: str, *, image: Image, key: str, cloud: Cloud) -> None:
        super().__init__(scope, id_)
        options = ["--key", key, *(["--endpoint", cloud.endpoint] if cloud.endpoint else [])]
        # A name, since CDKTF makes a template of a resource, which Terraform refuses here.
        push = f"{image.resource.terraform_resource_type}.{image.resource.friendly_unique_id}"
        # Read right after the push, and kept until the next one.
        pushed = DataResource(
            self,
            "pushed",
            input={"digest": image.resource.sha256_digest},
            lifecycle=TerraformResourceLifecycle(ignore_changes=["input"], replace_triggered_by=[push]),
        )
        action = f'${{{pushed.fqn}.output.digest == {image.resource.fqn}.sha256_digest ? "sign" : "verify"}}'
        # The program gets the command as its last argument: there is no shell.
        run = LocalExecProvisioner(
            type="local-exec",
            interpreter=[*_PROGRAM, "verify" if image.pinned else action, *options],
            command=image.uri,
        )
        changed = {"digest": image.digest, "key": key}
        image.ready.append(DataResource(self, "signature", triggers_replace=changed, provisioners=[run]))
