"""The way in for files: one folder of flows, domain and wording becomes one ``Dialogs``, or a list of issues.

Folders read, all merged: ``flows/**/*.yml``, ``domain/*.yml`` and ``domain/responses/<language>/*.yml``. Repair patterns
and their wording that a folder does not bring come from those shipped beside the engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from dialogs.engine import patterns
from dialogs.engine.flow import (
    END,
    ActionStep,
    AnyStep,
    Branch,
    CollectStep,
    Dialogs,
    Domain,
    Flow,
    Issue,
    LinkStep,
    NoopStep,
    Place,
    Session,
    SetSlotsStep,
    SlotDef,
)
from dialogs.engine.read_domain import DomainDraft, read_domain
from dialogs.engine.read_flows import read_flows
from dialogs.engine.yamlfile import Issues, read

#: The folder shipped with the engine: ``dialogs/``.
SHIPPED = Path(__file__).resolve().parents[1]
DEFAULT_LANGUAGE = "es"

#: Patterns that a foreign folder has only if it brings them.
_NOT_BY_DEFAULT = frozenset({"pattern_completed"})


class LoadErrors(Exception):
    """The files cannot be served; ``issues`` has every error and warning found."""

    def __init__(self, issues: list[Issue]) -> None:
        """Keep the issues; the text lists the errors, one a line."""
        self.issues = issues
        super().__init__("\n".join(str(issue) for issue in issues if issue.severity == "error"))


def load(folder: Path) -> Dialogs:
    """Read ``folder``.

    Raises:
        LoadErrors: something is wrong; every issue is in it.
    """
    dialogs, issues = load_with_issues(folder)
    if dialogs is None or any(issue.severity == "error" for issue in issues):
        raise LoadErrors(issues)
    return dialogs


def load_with_issues(folder: Path) -> tuple[Dialogs | None, list[Issue]]:
    """Read ``folder`` and return what could be read with all issues; None when there is no such folder."""
    issues = Issues()
    folder = Path(folder)
    if not folder.is_dir():
        issues.error(Place(str(folder), 1), "folder", "there is no such folder", "Check dialogos.carpeta.")
        return None, issues
    draft = DomainDraft()
    flows: dict[str, Flow] = {}
    _read_folder(folder, folder, draft, flows, issues, defaults=False)
    if folder.resolve() != SHIPPED:
        brought, own = set(flows), set(draft.slots)
        _read_folder(SHIPPED, SHIPPED, draft, flows, issues, defaults=True)
        flows |= {name: _on_its_own(flow, flows, draft.slots) for name, flow in flows.items() if name not in brought}
        for name in draft.slots.keys() - own:
            slot = draft.slots[name]
            # What our errands are called means nothing beside other people's.
            known = tuple(intent for intent in slot.sounds_like if intent in draft.intents)
            draft.slots[name] = replace(slot, sounds_like=known)
    domain = Domain(
        slots=draft.slots,
        intents=frozenset(draft.intents),
        entities=frozenset(draft.entities),
        actions=frozenset(draft.actions),
        responses=draft.responses,
        session=draft.session or Session(),
        words=draft.words,
        urgent=draft.urgent,
        after=draft.after,
    )
    dialogs = Dialogs({name: _asked(flow, domain, issues) for name, flow in flows.items()}, domain, DEFAULT_LANGUAGE)
    return dialogs, issues


def _read_folder(
    folder: Path, base: Path, draft: DomainDraft, flows: dict[str, Flow], issues: Issues, *, defaults: bool
) -> None:
    """Read one folder; of the shipped one (``defaults``) only the patterns, their slots and their wording."""
    only = "patrones" if defaults else "*"
    for path in sorted(folder.glob(f"domain/{only}.yml")):
        _domain_file(path, base, draft, issues, language=DEFAULT_LANGUAGE, defaults=defaults)
    for path in sorted(folder.glob(f"domain/responses/*/{only}.yml")):
        _domain_file(path, base, draft, issues, language=path.parent.name, defaults=defaults)
    for path in sorted(folder.glob("flows/patrones/*.yml" if defaults else "flows/**/*.yml")):
        root = read(path, _shown(path, base), issues)
        for flow in read_flows(root, issues) if root else ():
            if flow.id not in flows:
                if not (defaults and flow.id in _NOT_BY_DEFAULT):
                    flows[flow.id] = flow
            elif not defaults:
                first = flows[flow.id].place
                issues.error(
                    flow.place, f"flow {flow.id}", f"it is defined twice, first at {first}", "Keep one of them."
                )


def _on_its_own(flow: Flow, flows: Mapping[str, Flow], slots: Mapping[str, SlotDef]) -> Flow:
    """Return a shipped pattern fit for another folder: what speaks of our own errands, actions and slots is left out."""
    steps: dict[str, AnyStep] = dict(flow.steps)
    for step in flow.steps.values():
        if isinstance(step, LinkStep) and step.flow not in flows:
            steps[step.id] = ActionStep(
                id=step.id, place=step.place, next=(Branch(END),), action="patrones.listo", says=True
            )
        elif isinstance(step, SetSlotsStep):
            steps[step.id] = replace(step, values=tuple(pair for pair in step.values if pair[0] in slots))
        elif isinstance(step, ActionStep) and not step.says and step.action not in patterns.ACTIONS:
            steps[step.id] = NoopStep(id=step.id, place=step.place, next=step.next)
    return replace(flow, steps=steps)


def _domain_file(path: Path, base: Path, draft: DomainDraft, issues: Issues, *, language: str, defaults: bool) -> None:
    root = read(path, _shown(path, base), issues)
    if root is not None:
        read_domain(root, draft, issues, language=language, defaults=defaults)


def _shown(path: Path, base: Path) -> str:
    """Return the path as people type it: from the working folder if it lies below it."""
    for start in (Path.cwd(), base.resolve().parent):
        try:
            return str(path.resolve().relative_to(start))
        except ValueError:
            continue
    return str(path)


def _asked(flow: Flow, domain: Domain, issues: Issues) -> Flow:
    """Return ``flow`` with every collect step knowing how it asks and whether it is a description step."""
    steps = dict(flow.steps)
    for step in flow.steps.values():
        if isinstance(step, CollectStep):
            steps[step.id] = _how_asked(step, flow, domain, issues)
    return replace(flow, steps=steps)


def _how_asked(step: CollectStep, flow: Flow, domain: Domain, issues: Issues) -> CollectStep:
    slot = domain.slots.get(step.slot)
    free = step.free_text or (slot is not None and _is_free(slot, domain))
    if step.ask:
        return replace(step, free_text=free)
    responses = domain.responses.get(DEFAULT_LANGUAGE, {})
    named = (f"{flow.id}.pide_{step.slot}", f"pide_{step.slot}", f"utter_ask_{step.slot}")
    ask = next((key for key in named if key in responses), "")
    action = f"action_ask_{step.slot}"
    where = f"flow {flow.id}, step {step.id}"
    if action in domain.actions:
        if ask:
            issues.error(step.place, where, f"both «{ask}» and «{action}» ask for it", "Keep one of them.")
        return replace(step, ask_action=action, free_text=free)
    if not ask:
        issues.error(step.place, where, f"nothing asks for «{step.slot}»", f"Add the response «{named[0]}».")
    return replace(step, ask=ask, free_text=free)


def _is_free(slot: SlotDef, domain: Domain) -> bool:
    """Return whether any text answers the slot: a text that no entity fills."""
    if slot.free_text:
        return True
    if slot.type != "text":
        return False
    if slot.mappings:
        return all(mapping.type != "from_entity" for mapping in slot.mappings)
    return slot.name not in domain.entities
