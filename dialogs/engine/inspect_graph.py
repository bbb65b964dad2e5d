"""The shape of flows: what cannot be reached, what never waits, what leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dialogs.engine import danger_doubt
from dialogs.engine.flow import END, ActionStep, AnyStep, CallStep, CollectStep, Dialogs, Flow, LinkStep, SetSlotsStep
from dialogs.engine.parts import Place
from dialogs.engine.yamlfile import Issues

_LINKABLE_PATTERNS = frozenset({"pattern_human_handoff"})

Graph = Mapping[str, frozenset[str]]


def inspect_graph(dialogs: Dialogs, issues: Issues) -> None:
    """Add to ``issues`` what is wrong with the shape of any flow, and of flows together."""
    for flow in dialogs.flows.values():
        _targets(flow, dialogs, issues)
        _else(flow, issues)
        _reachable(flow, issues)
        _loops(flow, dialogs, issues)
    _calls(dialogs, issues)
    _startable(dialogs, issues)


def ways(flow: Flow) -> Graph:
    """Return the steps that each step may go to; END and steps that do not exist are left out."""
    return {
        step.id: frozenset(branch.target for branch in step.next if branch.target in flow.steps)
        if not isinstance(step, LinkStep)
        else frozenset()
        for step in flow.steps.values()
    }


def reachable(graph: Graph, start: str) -> frozenset[str]:
    """Return the nodes that can be reached from ``start``, which is among them."""
    found: set[str] = set()
    left = [start]
    while left:
        node = left.pop()
        if node not in found:
            found.add(node)
            left.extend(graph.get(node, ()))
    return frozenset(found)


def cycle(graph: Graph) -> tuple[str, ...]:
    """Return the nodes of one cycle in order, or nothing."""
    done: set[str] = set()
    for start in graph:
        path: list[str] = []
        left: list[tuple[str, bool]] = [(start, True)]
        while left:
            node, entering = left.pop()
            if not entering:
                path.pop()
                done.add(node)
                continue
            if node in path:
                return tuple(path[path.index(node) :])
            if node in done:
                continue
            path.append(node)
            left.append((node, False))
            left.extend((following, True) for following in sorted(graph.get(node, ())))
    return ()


def _where(flow: Flow, step: AnyStep) -> str:
    return f"flow {flow.id}, step {step.id}"


def _targets(flow: Flow, dialogs: Dialogs, issues: Issues) -> None:
    for step in flow.steps.values():
        for branch in step.next:
            if branch.target != END and branch.target not in flow.steps:
                known = ", ".join(flow.steps)
                what = f"it goes to the step «{branch.target}», which does not exist"
                issues.error(step.place, _where(flow, step), what, f"Steps of this flow: {known}.")
        if isinstance(step, (LinkStep, CallStep)):
            verb = "links to" if isinstance(step, LinkStep) else "calls"
            target = dialogs.flows.get(step.flow)
            if target is None:
                what = f"it {verb} the flow «{step.flow}», which does not exist"
                issues.error(step.place, _where(flow, step), what, "Write the id of a flow.")
            elif (
                target.pattern
                and not flow.pattern
                and not (isinstance(step, LinkStep) and target.id in _LINKABLE_PATTERNS)
            ):
                what = f"it {verb} the pattern «{step.flow}»"
                issues.error(
                    step.place, _where(flow, step), what, "Of the patterns only pattern_human_handoff can be linked."
                )


def _else(flow: Flow, issues: Issues) -> None:
    for step in flow.steps.values():
        if isinstance(step, LinkStep) or not step.next:
            continue
        if step.next[-1].condition is not None:
            what = "its conditions have no «else», so some answer leads nowhere"
            issues.error(step.place, _where(flow, step), what, "Add «- else: …» as the last line of «next».")
        for branch in step.next[:-1]:
            if branch.condition is None:
                issues.error(step.place, _where(flow, step), "something stands after its «else»", "Put «else» last.")


def _reachable(flow: Flow, issues: Issues) -> None:
    if flow.first not in flow.steps:
        return
    found = reachable(ways(flow), flow.first)
    for step in flow.steps.values():
        if step.id not in found:
            what = "no way leads to it"
            issues.error(step.place, _where(flow, step), what, "Remove it, or let a «next» of another step name it.")


def _loops(flow: Flow, dialogs: Dialogs, issues: Issues) -> None:
    """Refuse a cycle in which nobody is asked anything: it could turn for ever."""
    graph = ways(flow)
    asking = {step.id for step in flow.steps.values() if _waits(step, flow, graph, dialogs)}
    rest = {node: following - asking for node, following in graph.items() if node not in asking}
    found = cycle(rest)
    if found:
        step = flow.steps[found[0]]
        what = f"the steps {' → '.join([*found, found[0]])} turn for ever without asking anything"
        remedy = "Let one of them ask (ask_before_filling: true) or empty the slot that is asked in the loop."
        issues.error(step.place, _where(flow, step), what, remedy)


def _waits(step: AnyStep, flow: Flow, graph: Graph, dialogs: Dialogs) -> bool:
    """Return whether passing ``step`` again in a loop makes the talk wait for the person."""
    if isinstance(step, CallStep):
        return bool(dialogs.slots_of(step.flow))
    if not isinstance(step, CollectStep):
        return False
    if step.ask_before_filling:
        return True
    around = [flow.steps[each] for each in reachable(graph, step.id) if step.id in reachable(graph, each)]
    return any(
        (isinstance(each, SetSlotsStep) and (step.slot, None) in each.values)
        or (isinstance(each, ActionStep) and not each.says)
        for each in around
    )


def _calls(dialogs: Dialogs, issues: Issues) -> None:
    """Refuse flows that call themselves, and links that go round without asking anything."""
    calls = {flow.id: _named(flow, CallStep, dialogs) for flow in dialogs.flows.values()}
    found = cycle(calls)
    if found:
        flow = dialogs.flows[found[0]]
        what = f"the flows {' → '.join([*found, found[0]])} call one another for ever"
        issues.error(flow.place, f"flow {flow.id}", what, "Use «link» for the last of them.")
        return
    silent = {flow.id: frozenset(_without_asking(flow, dialogs)) for flow in dialogs.flows.values()}
    found = cycle(silent)
    if found:
        flow = dialogs.flows[found[0]]
        what = f"the flows {' → '.join([*found, found[0]])} lead to one another without asking anything"
        issues.error(flow.place, f"flow {flow.id}", what, "End one of them, or let it ask something first.")


def _named(flow: Flow, kind: type[CallStep | LinkStep], dialogs: Dialogs) -> frozenset[str]:
    return frozenset(step.flow for step in flow.steps.values() if isinstance(step, kind) and step.flow in dialogs.flows)


def _without_asking(flow: Flow, dialogs: Dialogs) -> Iterator[str]:
    """Yield the flows that ``flow`` can link to from its first step without asking anything on the way."""
    graph = {
        node: frozenset() if isinstance(flow.steps[node], CollectStep) else following
        for node, following in ways(flow).items()
    }
    for node in reachable(graph, flow.first):
        step = flow.steps.get(node)
        if isinstance(step, LinkStep) and step.flow in dialogs.flows:
            yield step.flow


def _after(dialogs: Dialogs, issues: Issues) -> None:
    """Refuse words of ``x-after`` that wait for a response that is never said, or begin no flow."""
    said = dialogs.domain.responses.get(dialogs.language, {})
    for key, flows in dialogs.domain.after.items():
        for unknown in ([] if key in said else [key]) + [one for one in flows if one not in dialogs.flows]:
            what = f"«{unknown}» does not exist, so these words begin nothing"
            issues.error(Place("domain", 0), "x-after", what, "Write the key of a response, and below it ids of flows.")


def _startable(dialogs: Dialogs, issues: Issues) -> None:
    """Warn of flows that nothing begins, and refuse two errands for one intent."""
    begun: set[str] = {"menu", dialogs.emergency, danger_doubt.FLOW, *dialogs.domain.words, *dialogs.domain.urgent}
    for flow_id in dialogs.domain.urgent:
        if flow_id not in dialogs.flows:
            what = f"«{flow_id}» is no flow, so its words begin nothing"
            issues.error(Place("domain", 0), "x-urgent", what, "Write the id of a flow.")
    _after(dialogs, issues)
    for flow in dialogs.flows.values():
        begun |= _named(flow, CallStep, dialogs) | _named(flow, LinkStep, dialogs)
    for response in dialogs.domain.responses.get(dialogs.language, {}).values():
        for variant in response.variants:
            begun |= {button.payload[1:].split("{")[0].strip() for button in variant.buttons}
    for flow in dialogs.flows.values():
        is_ours = flow.pattern or flow.priority == "ours"
        if not is_ours and not flow.triggers and flow.id not in begun:
            what = "nothing begins it: no intent, no link, no call, no button"
            issues.warning(flow.place, f"flow {flow.id}", what, "Add «nlu_trigger», or remove it.")
    for intent, flows in dialogs.triggered.items():
        plain = [(flow, trigger) for flow, trigger in flows if not flow.pattern and flow.guard is None]
        for flow, trigger in plain[1:]:
            first, before = plain[0]
            what = f"the intent «{intent}» already begins {first.id} ({before.place})"
            issues.error(trigger.place, f"flow {flow.id}", what, "Keep one of them, or give them an «if».")
