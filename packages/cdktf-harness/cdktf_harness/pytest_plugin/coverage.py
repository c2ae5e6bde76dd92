"""The report of `--cdktf-coverage`: resources and arguments of the stacks that no test inspects."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

import pytest

from cdktf_harness.project.project import find
from cdktf_harness.pytest_plugin.options import app_folder
from cdktf_harness.synthesis import inspection

_SENT = "cdktf_inspections"
# Of Terraform, not of the resource.
_META = {"provider", "depends_on", "lifecycle", "count", "for_each", "provisioner", "connection"}
_HEAD = """<!doctype html><meta charset=utf-8><title>Coverage of the stacks</title>
<style>body{font-family:sans-serif}td{padding:.3em;border-top:1px solid #ccc}del{color:#a00}</style>
<h1>Coverage of the stacks</h1><p>No test inspects what is struck out.</p>"""


class Coverage:
    """The hooks that collect inspections, those of the workers of pytest-xdist too, and report what is missing."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Iterator[None]:
        """Note inspections while the tests run; send those of a worker."""
        with inspection.turned(True):
            result = yield
        if (sent := getattr(session.config, "workeroutput", None)) is not None:
            sent[_SENT] = (inspection.labels, inspection.found, inspection.seen)
        return result

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Receive those of a worker."""
        labels, found, seen = getattr(node, "workeroutput", {}).get(_SENT, ({}, {}, {}))
        inspection.labels.update(labels)
        inspection.merge(inspection.found, found)
        inspection.merge(inspection.seen, seen)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
        """Print the report and write it as HTML."""
        terminalreporter.section("coverage of the stacks")
        arguments, missing, rows = 0, 0, []
        for path, all_ in sorted(inspection.found.items()):
            own = [name for name in all_ if name not in _META]
            unseen = [name for name in own if name not in inspection.seen.get(path, ())]
            arguments, missing = arguments + len(own), missing + len(unseen)
            if unseen:
                text = ", ".join(unseen) if path in inspection.seen else "not inspected"
                terminalreporter.line(f"{path} ({inspection.labels[path]}): {text}")
            cells = (f"<del>{name}</del>" if name in unseen else name for name in own)
            shown = path if path in inspection.seen else f"<del>{html.escape(path)}</del>"
            rows.append(f"<tr><td>{shown}<td>{html.escape(inspection.labels[path])}<td>{', '.join(cells)}")
        seen = len(inspection.found.keys() & inspection.seen.keys())
        total = f"inspected: {seen} of {len(rows)} resources, {arguments - missing} of {arguments} arguments"
        file = find(app_folder(config)).folder / "coverage.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join([_HEAD, f"<p>{total}</p><table>", *rows, "</table>\n"]))
        terminalreporter.line(f"{total}\nHTML: {file}")
