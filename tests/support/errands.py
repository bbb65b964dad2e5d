"""The errands of the shipped dialogs: what a person may begin, and the flows each of them is made of."""

from __future__ import annotations

from functools import cache

from dialogs.engine.flow import CallStep, CollectStep
from tests.support.shipped import shipped


@cache
def errands() -> tuple[str, ...]:
    """Return what a person may begin: no pattern, no part of another errand, no page of the menu."""
    return tuple(
        sorted(
            flow.id
            for flow in shipped().flows.values()
            if not flow.pattern
            and not (flow.guard is not None and flow.guard.text.lower() == "false")
            and not flow.id.startswith("menu_")
        )
    )


@cache
def parts(errand: str) -> frozenset[str]:
    """Return the flows an errand runs: itself and, over and over, what it calls."""
    found: set[str] = set()
    todo = [errand]
    while todo:
        flow = todo.pop()
        if flow not in found:
            found.add(flow)
            steps = shipped().flows[flow].steps.values()
            todo += [step.flow for step in steps if isinstance(step, CallStep)]
    return frozenset(found)


def asks_something(errand: str) -> bool:
    """Return whether an errand asks a question; one that only tells has nothing to correct, leave or wait for."""
    flows = shipped().flows
    return any(isinstance(step, CollectStep) for part in parts(errand) for step in flows[part].steps.values())
