"""The signature of the function's image."""

from __future__ import annotations

from cdktf import DataResource, LocalExecProvisioner
from constructs import Construct

# The package image-signature, by the Python that runs the app, too.
_PROGRAM = ("python", "-m", "image_signature")


class Signature(Construct):
    """A signature of an image by a KMS key, which is made where there is none, and verified.

    That happens when the digest or the key changes, on the machine that runs Terraform. A `pinned` image was deployed
    before, so it is only verified. What `resource` comes before is not changed if the signature is missing or wrong.
    """

    def __init__(
        self, scope: Construct, id_: str, *, image: str, digest: str, key: str, endpoint: str, pinned: bool
    ) -> None:
        super().__init__(scope, id_)
        options = ["--key", key, *(["--endpoint", endpoint] if endpoint else [])]
        # The program gets the command as its last argument: there is no shell.
        run = LocalExecProvisioner(
            type="local-exec", interpreter=[*_PROGRAM, "verify" if pinned else "sign", *options], command=image
        )
        self.resource = DataResource(
            self, "signature", triggers_replace={"digest": digest, "key": key}, provisioners=[run]
        )
