"""Shows a run to people (Rich) or to programs (JSON)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from rich.console import Console

    from bot.e2e.run import Coverage, Outcome, Report

_MANY = 6


def show_outcome(console: Console, outcome: Outcome) -> None:
    """Print one case: a dot of a line when it passed, the differences when it did not."""
    case = outcome.case
    where = f"[dim]{escape(case.file)}:{case.line}[/]"
    if outcome.failure is None:
        console.print(f"[green]✓[/] {escape(case.name)}  {where}", highlight=False, soft_wrap=True)
        return
    failure = outcome.failure
    console.print(f"[red]✗[/] [bold]{escape(case.name)}[/]  {where}", highlight=False, soft_wrap=True)
    said = f"    line {failure.line}, after user: «{escape(failure.said)}»"
    console.print(said, highlight=False, soft_wrap=True)
    for difference in failure.differences:
        expected = f"    [red]- {escape(difference.expected)}[/]  [dim](line {difference.line})[/]"
        console.print(expected, highlight=False, soft_wrap=True)
        for line in difference.seen or ("nothing",):
            console.print(f"    [green]+ {escape(line)}[/]", highlight=False, soft_wrap=True)


def show_summary(console: Console, report: Report, *, coverage: bool = True) -> None:
    """Print the step coverage of every flow and one line with the score."""
    if coverage:
        console.print(_coverage_table(report.coverage))
    failed = len(report.failed)
    passed = len(report.outcomes) - failed
    colour = "red" if failed else "green"
    console.print(f"[{colour}]{passed} passed, {failed} failed[/] in {report.took_s:.1f} s", highlight=False)


def _coverage_table(coverage: Coverage) -> Table:
    visited, total = coverage.total
    table = Table(title=f"Steps visited: {visited} of {total}", title_justify="left", box=None, pad_edge=False)
    table.add_column("flow")
    table.add_column("steps", justify="right")
    table.add_column("not visited")
    for flow, steps in coverage.steps.items():
        missing = coverage.missing(flow)
        shown = ", ".join(missing[:_MANY]) + (f" and {len(missing) - _MANY} more" if len(missing) > _MANY else "")
        table.add_row(escape(flow), f"{len(steps) - len(missing)}/{len(steps)}", escape(shown))
    return table


def as_json(report: Report) -> str:
    """Return the run as one JSON document: cases with their differences, coverage, score, seconds."""
    cases = [
        {
            "name": outcome.case.name,
            "file": outcome.case.file,
            "line": outcome.case.line,
            "passed": outcome.passed,
            "took_s": round(outcome.took_s, 4),
            "differences": [
                {"line": one.line, "expected": one.expected, "seen": list(one.seen)}
                for one in (outcome.failure.differences if outcome.failure else ())
            ],
        }
        for outcome in report.outcomes
    ]
    coverage = {
        flow: {"steps": len(steps), "not_visited": report.coverage.missing(flow)}
        for flow, steps in report.coverage.steps.items()
    }
    failed = len(report.failed)
    score = {"passed": len(cases) - failed, "failed": failed, "took_s": round(report.took_s, 3)}
    return json.dumps(score | {"cases": cases, "coverage": coverage}, ensure_ascii=False, indent=2)
