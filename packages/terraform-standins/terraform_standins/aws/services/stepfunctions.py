"""Step Functions: state machines."""

from __future__ import annotations

from ..resource import JSON, AwsResource, Calls, Tagging, Wait


class StateMachine(AwsResource):
    type_name, label, service = "aws_sfn_state_machine", "Step Functions State Machine", "stepfunctions"
    calls = Calls.of("state_machine", read="describe")
    noun, named_by, documents, tagging = "stateMachine", "name", {"definition": JSON}, Tagging()
    names = {
        "id": "stateMachineArn",
        "logging_configuration.log_destination": "destinations[].cloudWatchLogsLogGroup.logGroupArn",
    }
    waits = Wait("status", ("DELETING",))
    derived, lenient = True, True
