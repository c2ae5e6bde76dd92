"""Lambda: a function gets the log format and level of its configuration.

ministack stores LoggingConfig, but its containers have no variables for it (services/lambda_svc.py 4568-4579), so that
a runtime client writes text. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html .
"""

from __future__ import annotations

from typing import Any

from ministack.services import lambda_svc as service  # type: ignore[import-untyped]


def install() -> None:
    """Add the variables to those of the function's credentials, which each container gets."""
    credentials = service.execution_credentials

    def with_logging(config: dict[str, Any]) -> dict[str, str]:
        logging = config.get("LoggingConfig") or {}
        if logging.get("LogFormat") != "JSON":
            return dict(credentials(config))
        level = logging.get("ApplicationLogLevel") or "INFO"
        return {**credentials(config), "AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": level}

    service.execution_credentials = with_logging
