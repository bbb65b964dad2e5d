"""The menu: short pages from which every errand that people may begin is reached, by buttons alone."""

import pytest

from dialogs.engine.decide import ORDERS
from dialogs.engine.flow import ActionStep, CallStep, CollectStep, LinkStep
from dialogs.engine.told import read_payload
from tests.support.shipped import shipped

MOST_OPTIONS = 7
LONGEST_LABEL = 20
#: Errands without a place in the menu, and why. Anything else that people may begin is on a page.
NOT_ON_A_PAGE = {
    "datos_de_otros": "a refusal is met, nobody chooses it",
    "frustracion": "anger is heard, nobody chooses it",
}


@pytest.fixture(scope="module")
def dialogs():
    return shipped()


def said_by(dialogs, flow_id):
    """Return the responses of a flow and the flows it leads to by itself."""
    for step in dialogs.flows[flow_id].steps.values():
        if isinstance(step, ActionStep) and step.says:
            yield "response", step.action
        elif isinstance(step, CollectStep):
            yield "response", step.ask
        elif isinstance(step, LinkStep | CallStep):
            yield "flow", step.flow


def begun_by(dialogs, payload):
    named = read_payload(payload)
    if named is None or not named.name:
        return []
    if named.name in dialogs.flows:
        return [named.name]
    return [flow.id for flow, _ in dialogs.triggered.get(named.name, ())]


def reached_from(dialogs, start):
    reached, todo = set(), [start]
    while todo:
        flow = todo.pop()
        if flow in reached:
            continue
        reached.add(flow)
        for kind, name in said_by(dialogs, flow):
            if kind == "flow":
                todo.append(name)
                continue
            response = dialogs.response(name)
            for variant in response.variants if response else ():
                todo += [begun for button in variant.buttons for begun in begun_by(dialogs, button.payload)]
    return reached


def test_every_errand_that_people_may_begin_is_on_a_page_of_the_menu(dialogs):
    reached = reached_from(dialogs, "menu")
    missing = [
        flow.id for flow in dialogs.flows.values() if flow.startable and flow.id not in reached | set(NOT_ON_A_PAGE)
    ]
    assert not missing, f"add a button in dialogs/domain/responses/es/menu.yml for: {', '.join(missing)}"
    assert not set(NOT_ON_A_PAGE) & reached, "these are on a page by now"


def test_pages_are_short_and_lead_back(dialogs):
    pages = {key: each for key, each in dialogs.domain.responses["es"].items() if key.startswith("menu.")}
    assert len(pages) >= 9
    for key, page in pages.items():
        for variant in page.variants:
            assert 2 <= len(variant.buttons) <= MOST_OPTIONS, key
            assert all(len(button.title) <= LONGEST_LABEL for button in variant.buttons), key
            assert len({button.title for button in variant.buttons}) == len(variant.buttons), key
            payloads = [button.payload for button in variant.buttons]
            assert key in {"menu.opciones", "menu.en_tramite"} or payloads[-1] == "/menu", key


def test_every_option_of_the_menu_begins_something(dialogs):
    for key, page in dialogs.domain.responses["es"].items():
        if key.startswith("menu."):
            for variant in page.variants:
                for button in variant.buttons:
                    name = read_payload(button.payload).name
                    assert begun_by(dialogs, button.payload) or name in ORDERS, f"{key}: {button.payload}"
