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


def show_summary(console: Console, report: Report, *, coverage: bool = True, every_flow: bool = True) -> None:
    """Print the step coverage and one line with the score.

    Args:
        console: where to print.
        report: what was run.
        coverage: False prints the score alone.
        every_flow: False shows the flows that were visited and only names the others.
    """
    if coverage:
        _show_coverage(console, report.coverage, every_flow=every_flow)
    failed = len(report.failed)
    passed = len(report.outcomes) - failed
    colour = "red" if failed else "green"
    console.print(f"[{colour}]{passed} passed, {failed} failed[/] in {report.took_s:.1f} s", highlight=False)


def _show_coverage(console: Console, coverage: Coverage, *, every_flow: bool) -> None:
    shown = [flow for flow in coverage.steps if every_flow or coverage.visited.get(flow)]
    others = [flow for flow in coverage.steps if flow not in shown]
    visited = sum(len(coverage.steps[flow]) - len(coverage.missing(flow)) for flow in shown)
    total = sum(len(coverage.steps[flow]) for flow in shown)
    scope = "" if every_flow else f", in {len(shown)} of {len(coverage.steps)} flows"
    console.print(f"Steps visited: {visited} of {total}{scope}", style="italic", highlight=False)
    table = Table(box=None, pad_edge=False)
    table.add_column("flow", overflow="fold")
    table.add_column("steps", justify="right", no_wrap=True)
    table.add_column("not visited", overflow="fold")
    for flow in shown:
        steps, missing = coverage.steps[flow], coverage.missing(flow)
        some = ", ".join(missing[:_MANY]) + (f" and {len(missing) - _MANY} more" if len(missing) > _MANY else "")
        table.add_row(escape(flow), f"{len(steps) - len(missing)}/{len(steps)}", escape(some))
    console.print(table)
    if others:
        console.print(f"{len(others)} flows not visited: {escape(', '.join(others))}", style="dim", highlight=False)


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
