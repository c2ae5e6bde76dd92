"""Sign container images in ECR with a KMS key, in the format of cosign, and verify them."""

from image_signature.errors import SignatureError
from image_signature.image import Image
from image_signature.signature import Signer

__all__ = ["Image", "SignatureError", "Signer"]
