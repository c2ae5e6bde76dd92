"""The metrics of a function and of its API that alarms and the dashboard show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cdktf_lambda_api.function import Function

if TYPE_CHECKING:
    from cdktf_lambda_api.http_api import HttpApi
    from cdktf_lambda_api.rest_api import RestApi

    Api = RestApi | HttpApi
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
_OF_HTTP_APIS = {"4XXError": "4xx", "5XXError": "5xx"}


@dataclass(frozen=True)
class Metric:
    """A metric of CloudWatch and how its values of a period become one; `statistic` may be a percentile."""

    namespace: str
    name: str
    statistic: str
    dimensions: dict[str, str] = field(default_factory=dict)

    def widget(self, **options: object) -> list[object]:
        """Return the metric as an array of a dashboard's widget."""
        named = [part for dimension in self.dimensions.items() for part in dimension]
        return [self.namespace, self.name, *named, {"stat": self.statistic, **options}]


def prefix(function: Function, api: Api) -> str:
    """Return what begins the names of a function's parts: nothing for the function that has the name of the API."""
    # Apart from those of the API, such as `api-errors`.
    return "" if function.name == api.name else f"{function.name.removeprefix(f'{api.name}-')}-function-"


def of_function(function: Function, name: str, statistic: str) -> Metric:
    """Return a metric of AWS Lambda, of all versions of a function."""
    return Metric("AWS/Lambda", name, statistic, {"FunctionName": function.function_name})


def of_api(api: Api, name: str, statistic: str) -> Metric:
    """Return a metric of API Gateway, of a stage."""
    named = name if api.kind == "rest" else _OF_HTTP_APIS.get(name, name)
    return Metric("AWS/ApiGateway", named, statistic, api.dimensions)
