"""`python docs/dashboard.py` draws the dashboard of the stage prod with example values: docs/dashboard.svg."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
STACK = HERE.parent / "tests/snapshot/__snapshots__/test_stacks/test_synthesized_stack[prod-api].json"
# Pixels of a unit of CloudWatch's grid, and around what is in a widget.
UNIT, SPACE = 32, 10
TOP = 3 * SPACE
COLOURS = ("#1f77b4", "#ff7f0e")
STEPS = 60
# Values before and in an incident, which begins after two thirds of the time.
EXAMPLES = {
    "requests": (900, 850),
    "5xx": (0, 120),
    "4xx": (6, 8),
    "calls": (900, 850),
    "errors": (0, 120),
    "throttles": (0, 0),
    "p50": (14, 22),
    "p99": (180, 2600),
}


def render(body: dict[str, Any]) -> str:
    """Return the picture of a dashboard's body."""
    widgets = body["widgets"]
    width = UNIT * max(widget["x"] + widget["width"] for widget in widgets)
    height = UNIT * max(widget["y"] + widget["height"] for widget in widgets)
    style = (
        "text{font:12px sans-serif}.t{font-weight:bold}.a{font-size:10px;fill:#545b64}.g{fill:none;stroke-width:1.5}"
    )
    parts = [part for widget in widgets for part in _widget(widget)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}">',
            f"<style>{style}</style>",
            f'<rect width="{width}" height="{height}" fill="#f2f3f3"/>',
            *parts,
            "</svg>\n",
        ]
    )


def _widget(widget: dict[str, Any]) -> Iterator[str]:
    x, y, width, height = (UNIT * widget[key] for key in ("x", "y", "width", "height"))
    properties = widget["properties"]
    yield f'<g transform="translate({x},{y})">'
    yield f'<rect x="2" y="2" width="{width - 4}" height="{height - 4}" fill="#fff" stroke="#d5dbdb"/>'
    yield f'<text class="t" x="{SPACE}" y="{2 * SPACE}">{escape(properties["title"])}</text>'
    if widget["type"] == "alarm":
        yield from _alarms(properties["alarms"], width)
    else:
        yield from _graph([metric[-1]["label"] for metric in properties["metrics"]], width, height)
    yield "</g>"


def _alarms(alarms: list[str], width: int) -> Iterator[str]:
    for number, alarm in enumerate(alarms):
        # ${aws_cloudwatch_metric_alarm.monitoring_alarms_api-errors_0123ABCD.arn}
        name = alarm.split(".")[1].rpartition("_")[0].rpartition("_")[2]
        state, colour = ("In alarm", "#d13212") if name in ("errors", "api-errors") else ("OK", "#1d8102")
        place = SPACE + number * (width - SPACE) // len(alarms)
        size = (width - SPACE) // len(alarms) - SPACE
        yield f'<rect x="{place}" y="{TOP}" width="{size}" height="44" rx="3" fill="{colour}"/>'
        yield f'<text x="{place + SPACE}" y="{TOP + 27}" fill="#fff">{escape(name)}: {state}</text>'


def _graph(labels: list[str], width: int, height: int) -> Iterator[str]:
    left, floor = 4 * SPACE, height - 5 * SPACE
    across, up = width - left - 2 * SPACE, floor - TOP - SPACE
    highest = _round(max(10, *(value for label in labels for value in EXAMPLES[label])))
    for tick in (0, highest // 2, highest):
        y, colour = f"{floor - up * tick / highest:.0f}", "#eaeded" if tick else "#aab7b8"
        yield f'<line x1="{left}" y1="{y}" x2="{left + across}" y2="{y}" stroke="{colour}"/>'
        yield f'<text class="a" x="{left - 4}" y="{y}" dy="4" text-anchor="end">{tick:,}</text>'
    for step in range(0, STEPS + 1, STEPS // 3):
        x = f"{left + across * step / STEPS:.0f}"
        yield f'<line x1="{x}" y1="{floor}" x2="{x}" y2="{floor + 4}" stroke="#aab7b8"/>'
        # It has a value a minute.
        time = f"{14 + step // 60}:{step % 60:02}"
        yield f'<text class="a" x="{x}" y="{floor + 15}" text-anchor="middle">{time}</text>'
    for number, label in enumerate(labels):
        colour, points = COLOURS[number], []
        for step in range(STEPS):
            usual, then = EXAMPLES[label]
            value = (then if step >= STEPS * 2 // 3 else usual) * (1 + 0.06 * (step * 7 % 5 - 2) / 2)
            points.append(f"{left + across * step / STEPS:.0f},{floor - up * value / highest:.0f}")
        yield f'<polyline class="g" stroke="{colour}" points="{" ".join(points)}"/>'
        place = left + number * 100
        yield f'<rect x="{place}" y="{height - 2 * SPACE}" width="10" height="10" fill="{colour}"/>'
        yield f'<text x="{place + 15}" y="{height - SPACE - 1}">{escape(label)}</text>'


def _round(value: float) -> int:
    """Return the next number for an axis: 1, 2 or 5 with zeros, with some space above the value."""
    return next(tick for zeros in range(9) for digit in "125" if (tick := int(digit + "0" * zeros)) >= 1.05 * value)


def picture() -> str:
    """Return the picture of the reviewed stack's dashboard."""
    (dashboard,) = json.loads(STACK.read_text())["resource"]["aws_cloudwatch_dashboard"].values()
    return render(json.loads(dashboard["dashboard_body"]))


if __name__ == "__main__":
    (HERE / "dashboard.svg").write_text(picture())
