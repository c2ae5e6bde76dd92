"""Sign container images in ECR with a KMS key, in the format of cosign, and verify them."""

from image_signature.errors import SignatureError as SignatureError
from image_signature.image import Image as Image
from image_signature.signature import Signer as Signer
