"""Sign container images in ECR with a KMS key, in the format of cosign, and verify them."""

from image_signature.signature import SignatureError, Signer

__all__ = ["SignatureError", "Signer"]
