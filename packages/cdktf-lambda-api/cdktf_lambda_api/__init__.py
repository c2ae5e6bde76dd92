"""Constructs for APIs and workers on Lambda from container images. Each is imported when it is used."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cdktf_lambda_api.access import Access as Access
    from cdktf_lambda_api.access_logs import AccessLogs as AccessLogs
    from cdktf_lambda_api.alarms import Alarms as Alarms
    from cdktf_lambda_api.auth import Issuer as Issuer
    from cdktf_lambda_api.auth import Route as Route
    from cdktf_lambda_api.auth import TokenAuthorizer as TokenAuthorizer
    from cdktf_lambda_api.budget import Budget as Budget
    from cdktf_lambda_api.checkout import commit as commit
    from cdktf_lambda_api.cloud import Cloud as Cloud
    from cdktf_lambda_api.dashboard import Dashboard as Dashboard
    from cdktf_lambda_api.data import Bucket as Bucket
    from cdktf_lambda_api.data import Table as Table
    from cdktf_lambda_api.data import Topic as Topic
    from cdktf_lambda_api.deployment import Deployment as Deployment
    from cdktf_lambda_api.domain import Domain as Domain
    from cdktf_lambda_api.function import Function as Function
    from cdktf_lambda_api.function import Traffic as Traffic
    from cdktf_lambda_api.gateway_responses import GatewayResponses as GatewayResponses
    from cdktf_lambda_api.http_api import HttpApi as HttpApi
    from cdktf_lambda_api.image import Image as Image
    from cdktf_lambda_api.image import RegistryLogin as RegistryLogin
    from cdktf_lambda_api.log_queries import LogQueries as LogQueries
    from cdktf_lambda_api.monitoring import Monitoring as Monitoring
    from cdktf_lambda_api.notifications import Notifications as Notifications
    from cdktf_lambda_api.policies import policy as policy
    from cdktf_lambda_api.protection import protect as protect
    from cdktf_lambda_api.queue import DeadLetters as DeadLetters
    from cdktf_lambda_api.queue import Queue as Queue
    from cdktf_lambda_api.repository import Repository as Repository
    from cdktf_lambda_api.rest_api import RestApi as RestApi
    from cdktf_lambda_api.secret import Parameter as Parameter
    from cdktf_lambda_api.secret import Secret as Secret
    from cdktf_lambda_api.signature import Signature as Signature
    from cdktf_lambda_api.state import StateError as StateError
    from cdktf_lambda_api.state import forget_backend as forget_backend
    from cdktf_lambda_api.state import keep_in_bucket as keep_in_bucket
    from cdktf_lambda_api.state import resources as resources
    from cdktf_lambda_api.texts import TEMPLATE as TEMPLATE
    from cdktf_lambda_api.texts import is_normal as is_normal
    from cdktf_lambda_api.texts import literal as literal
    from cdktf_lambda_api.tracing import Tracing as Tracing

_HOMES = {
    "access": "Access",
    "access_logs": "AccessLogs",
    "alarms": "Alarms",
    "auth": "Issuer Route TokenAuthorizer",
    "budget": "Budget",
    "checkout": "commit",
    "cloud": "Cloud",
    "dashboard": "Dashboard",
    "data": "Bucket Table Topic",
    "deployment": "Deployment",
    "domain": "Domain",
    "function": "Function Traffic",
    "gateway_responses": "GatewayResponses",
    "http_api": "HttpApi",
    "image": "Image RegistryLogin",
    "log_queries": "LogQueries",
    "monitoring": "Monitoring",
    "notifications": "Notifications",
    "policies": "policy",
    "protection": "protect",
    "queue": "DeadLetters Queue",
    "repository": "Repository",
    "rest_api": "RestApi",
    "secret": "Parameter Secret",
    "signature": "Signature",
    "state": "StateError forget_backend keep_in_bucket resources",
    "texts": "TEMPLATE is_normal literal",
    "tracing": "Tracing",
}
_MODULES = {name: module for module, names in _HOMES.items() for name in names.split()}
__all__ = sorted(_MODULES)


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
