"""hashicorp/time."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta

from ..protocol.plan import Change
from ..protocol.values import UNKNOWN, Values
from . import InState, Utility

_PARTS = ("year", "month", "day", "hour", "minute", "second")
_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600}


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _now() -> str:
    return _text(datetime.now(UTC))


def _parts(text: str) -> Values:
    moment = datetime.fromisoformat(text)
    return {"unix": int(moment.timestamp()), **{name: getattr(moment, name) for name in _PARTS}}


def _later(text: str, values: Values, prefix: str) -> str:
    """The moment `text` and the durations in `values`, as Go's AddDate counts them."""
    given = {unit: int(values.get(f"{prefix}_{unit}s") or 0) for unit in _PARTS}
    moment = datetime.fromisoformat(text)
    months = moment.month - 1 + given["month"] + 12 * given["year"]
    first = moment.replace(year=moment.year + months // 12, month=months % 12 + 1, day=1)
    durations = {f"{unit}s": given[unit] for unit in ("hour", "minute", "second")}
    return _text(first + timedelta(days=moment.day - 1 + given["day"], **durations))


class Static(InState):
    type_name = "time_static"

    def create(self, context: None, planned: Values) -> Values:
        return self.import_state(context, planned["rfc3339"] or _now())

    def import_state(self, context: None, import_id: str) -> Values:
        return {"id": import_id, "rfc3339": import_id, **_parts(import_id)}


class Offset(InState):
    type_name = "time_offset"

    def customise(self, context: None, change: Change) -> None:
        if any(change.changed(f"offset_{unit}s") for unit in _PARTS):
            change.planned.update(dict.fromkeys(("rfc3339", "unix", *_PARTS), UNKNOWN))

    def create(self, context: None, planned: Values) -> Values:
        base = planned["base_rfc3339"] or _now()
        moment = _later(base, planned, "offset")
        return {"id": base, "base_rfc3339": base, "rfc3339": moment, **_parts(moment)}

    def update(self, context: None, prior: Values, planned: Values) -> Values | None:
        return self.create(context, planned)


class Rotating(InState):
    type_name = "time_rotating"

    def customise(self, context: None, change: Change) -> None:
        if change.config.get("rotation_rfc3339") is None and any(change.changed(f"rotation_{u}s") for u in _PARTS[:5]):
            change.planned["rotation_rfc3339"] = UNKNOWN

    def create(self, context: None, planned: Values) -> Values:
        start = planned["rfc3339"] or _now()
        end = planned["rotation_rfc3339"] or _later(start, planned, "rotation")
        return {"id": start, "rfc3339": start, "rotation_rfc3339": end, **_parts(start)}

    def update(self, context: None, prior: Values, planned: Values) -> Values | None:
        return self.create(context, planned)

    def read(self, context: None, state: Values) -> Values | None:
        """After the rotation it does not exist: Terraform creates it again."""
        return None if datetime.now(UTC) >= datetime.fromisoformat(state["rotation_rfc3339"]) else {}


class Sleep(InState):
    type_name = "time_sleep"

    def create(self, context: None, planned: Values) -> Values:
        time.sleep(_seconds(planned["create_duration"]))
        return {"id": _now()}

    def delete(self, context: None, state: Values) -> None:
        time.sleep(_seconds(state["destroy_duration"]))


def _seconds(duration: str | None) -> float:
    return sum(float(n) * _UNITS[unit] for n, unit in re.findall(r"([\d.]+)([a-zµ]+)", duration or ""))


PROVIDER = Utility("time", Static, Offset, Rotating, Sleep)
