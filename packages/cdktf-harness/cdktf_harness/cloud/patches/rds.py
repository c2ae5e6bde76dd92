"""RDS: instances and clusters have the logs that they export, instances a password that RDS manages, and a cluster
keeps its endpoints.

ministack keeps neither logs (services/rds.py 5032, 6122, 9613) nor such passwords, except those of clusters (6071),
and renames the endpoints to those of containers when the first instance is created, also where none runs (4551).
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html , `EnableCloudwatchLogsExports`,
`ManageMasterUserPassword`; API_CloudwatchLogsExportConfiguration.html .
"""

from __future__ import annotations

import json
from typing import Any

from ministack.services import rds as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import replaces

_OPERATIONS = service._ACTION_MAP
_LOGS = "EnabledCloudwatchLogsExports"
_CHANGE = "CloudwatchLogsExportConfiguration"


def _record(params: Any, operation: str) -> Any:
    instances = operation.endswith("Instance")
    store, id_ = (service._instances, "DBInstance") if instances else (service._clusters, "DBCluster")
    return store.get(service._p(params, f"{id_}Identifier"))


for _operation in ("CreateDBInstance", "ModifyDBInstance", "CreateDBCluster", "ModifyDBCluster"):

    @replaces(_OPERATIONS, _operation)
    def _change(original: Any, params: Any, operation: str = _operation) -> Any:
        answer = original(params)
        record = _record(params, operation)
        if answer[0] == 200 and record is not None:
            added = [name for start in ("", f"{_CHANGE}.") for name in _list(params, start, "Enable")]
            kept = {*record.get(_LOGS, ()), *added} - {*_list(params, f"{_CHANGE}.", "Disable")}
            record[_LOGS] = sorted(kept)
            if operation == "CreateDBInstance" and service._p(params, "ManageMasterUserPassword") == "true":
                record["MasterUserSecret"] = _secret(params, record)
        return answer


@replaces(_OPERATIONS, "DeleteDBInstance")
def _delete(original: Any, params: Any) -> Any:
    secret = (_record(params, "DeleteDBInstance") or {}).get("MasterUserSecret")
    answer = original(params)
    if answer[0] == 200 and secret:
        service.secretsmanager.delete_secret_in_process(secret["SecretArn"])
    return answer


def _list(params: Any, start: str, verb: str) -> list[str]:
    name = f"{verb}LogTypes" if start else f"{verb}CloudwatchLogsExports"
    return list(service._parse_member_list(params, f"{start}{name}"))


def _secret(params: Any, record: dict[str, Any]) -> dict[str, str]:
    record["_MasterUserPassword"] = service._generate_master_user_password()
    content = {"username": record["MasterUsername"], "password": record["_MasterUserPassword"]}
    arn = service.secretsmanager.create_secret_in_process(f"rds!db-{service.new_uuid()}", json.dumps(content))
    key = service._p(params, "MasterUserSecretKmsKeyId") or "alias/aws/secretsmanager"
    return {"SecretArn": arn, "SecretStatus": "active", "KmsKeyId": key}


@replaces(service, "_sync_cluster_endpoints")
def _sync(original: Any, cluster: Any) -> None:
    if service._get_docker() is not None:
        original(cluster)


@replaces(service, "_instance_xml", "_cluster_xml")
def _xml(original: Any, record: dict[str, Any]) -> str:
    text: str = original(record).replace(f"<{_LOGS}/>", "")
    text += f"<{_LOGS}>{''.join(f'<member>{name}</member>' for name in record.get(_LOGS, ()))}</{_LOGS}>"
    if "<MasterUserSecret>" not in text and (secret := record.get("MasterUserSecret")):
        members = "".join(f"<{name}>{value}</{name}>" for name, value in secret.items())
        text += f"<MasterUserSecret>{members}</MasterUserSecret>"
    return text
