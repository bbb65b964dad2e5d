"""Every errand is reached by what people write, by its name, and (tests/house/test_menu.py) by the menu."""

from dialogs.engine.commands import StartFlow
from dialogs.engine.conversation import Conversation
from dialogs.engine.decide import decide
from dialogs.engine.heard import Heard
from tests.support.errands import errands
from tests.support.rows import every_row
from tests.support.shipped import shipped

#: Errands that no words of people begin, and why.
NOT_BY_WORDS = {
    "seguir": "a button of the menu; in words it is the answer to the open question",
    "confirmar_regreso": "we begin it, when a service is said to be back",
    "revisar_mi_cuenta": "a button beside an outage; in words it is asking what one owes",
}
DIALOGS = shipped()
ERRANDS = errands()


@every_row("errand", ERRANDS)
def test_an_errand_begins_by_what_people_write(errand):
    by_intent = any(flow.id == errand for begun in DIALOGS.triggered.values() for flow, _ in begun)
    by_words = bool(DIALOGS.domain.words.get(errand) or DIALOGS.domain.urgent.get(errand))
    assert (by_intent or by_words) != (errand in NOT_BY_WORDS)


@every_row("errand", ERRANDS)
def test_an_errand_begins_by_its_name(errand):
    commands = decide(Conversation("c-1"), Heard(text=f"/{errand}", payload=f"/{errand}"), DIALOGS)
    assert [each.flow for each in commands if isinstance(each, StartFlow)] == [errand]
