"""CloudWatch: dashboards."""

from __future__ import annotations

from typing import ClassVar

from ...protocol.values import Values
from ..cloud import Aws
from ..documents import normalise_json, same_json
from ..resource import AwsResource, Calls


class Dashboard(AwsResource):
    """A dashboard of metrics.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html
    """

    type_name = "aws_cloudwatch_dashboard"
    label = "CloudWatch Dashboard"
    service = "cloudwatch"
    calls = Calls(create="put_dashboard", read="get_dashboard", update="put_dashboard")
    named_by = "dashboard_name"
    verbs: ClassVar = {"creating": "putting", "updating": "putting"}
    # The second is its name in botocore's model.
    gone = ("DashboardNotFoundError", "ResourceNotFound")
    normalise: ClassVar = {"dashboard_body": normalise_json}
    suppress: ClassVar = {"dashboard_body": same_json}
    as_written: ClassVar = {"dashboard_body"}

    def remove(self, aws: Aws, state: Values) -> None:
        self.client(aws).delete_dashboards(DashboardNames=[state["dashboard_name"]])


TYPES = (Dashboard,)
