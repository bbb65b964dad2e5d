"""Counters of this process in Prometheus' text format, with labels from closed lists only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

_HELP = {
    "atiende_http_requests_total": ("counter", "Answered requests by route and status"),
    "atiende_inbound_total": ("counter", "Accepted messages by channel; outcome is new or repeat"),
    "atiende_refused_total": ("counter", "Refused requests by reason"),
    "atiende_streams": ("gauge", "Open streams to browsers"),
}


class Metrics:
    """Counts what the web server does; a label is never a person, an address or a number of a case."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, tuple[tuple[str, str], ...]]] = Counter()

    def count(self, name: str, *, by: int = 1, **labels: str) -> None:
        """Add ``by`` to the counter ``name`` under ``labels`` (values from a closed list)."""
        self._counts[name, tuple(sorted(labels.items()))] += by

    def request(self, route: str, status: int) -> None:
        """Count one answered request; ``status`` 0 means that nobody waited for the answer."""
        self._counts["atiende_http_requests_total", (("route", route), ("status", str(status)))] += 1

    def text(self, gauges: Mapping[str, float]) -> str:
        """Return every counter, then ``gauges`` (name, with labels if any → value), one a line."""
        lines: list[str] = []
        named = ""
        for (name, labels), value in sorted(self._counts.items()):
            if name != named:
                kind, words = _HELP.get(name, ("counter", name))
                lines += [f"# HELP {name} {words}", f"# TYPE {name} {kind}"]
                named = name
            inner = ",".join(f'{key}="{_escape(value_)}"' for key, value_ in labels)
            lines.append(f"{name}{{{inner}}} {value}" if inner else f"{name} {value}")
        for name, number in sorted(gauges.items()):
            bare = name.split("{", 1)[0]
            if bare != named:
                kind, words = _HELP.get(bare, ("gauge", bare))
                lines += [f"# HELP {bare} {words}", f"# TYPE {bare} {kind}"]
                named = bare
            lines.append(f"{name} {number:g}")
        return "\n".join(lines) + "\n"


def _escape(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
