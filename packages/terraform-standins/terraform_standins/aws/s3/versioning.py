"""S3: the versioning of a bucket."""

from __future__ import annotations

from ...protocol.diagnostics import Diagnostic, DiagnosticError
from ...protocol.plan import Change
from ...protocol.values import Values
from ..cloud import Aws
from ..model import first
from ..resource import Calls
from .configuration import OF_BUCKET, BucketConfiguration


class Versioning(BucketConfiguration):
    """The versioning of a bucket: whether it keeps old versions of objects.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html
    """

    type_name = "aws_s3_bucket_versioning"
    label = "S3 Bucket Versioning"
    calls = Calls(create="put_bucket_versioning", update="put_bucket_versioning")
    identity = OF_BUCKET

    def customise(self, aws: Aws, change: Change) -> None:
        super().customise(aws, change)
        # Versioning can be suspended, but not disabled again.
        old = first((change.prior or {}).get("versioning_configuration")).get("status")
        new = first(change.planned["versioning_configuration"]).get("status")
        if new == "Disabled" and old in ("Enabled", "Suspended"):
            message = f"versioning_configuration.status cannot be updated from '{old}' to '{new}'"
            raise DiagnosticError(Diagnostic(message))

    def create(self, aws: Aws, planned: Values) -> Values:
        # A bucket without a configuration has the status Disabled.
        if first(planned["versioning_configuration"])["status"] != "Disabled":
            self.call(aws, "put_bucket_versioning", planned)
        return {"id": self.id_of(planned)}

    def read(self, aws: Aws, state: Values) -> Values:
        answer = self.call(aws, "get_bucket_versioning", state)
        configuration = {"status": answer.get("Status", "Disabled"), "mfa_delete": answer.get("MFADelete")}
        return {"versioning_configuration": [configuration]}

    def remove(self, aws: Aws, state: Values) -> None:
        # A bucket never becomes unversioned again.
        if first(state["versioning_configuration"]).get("status") != "Disabled":
            self.call(aws, "put_bucket_versioning", state, VersioningConfiguration={"Status": "Suspended"})


TYPES = (Versioning,)
