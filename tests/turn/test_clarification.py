"""Two errands that are equally likely: the person is asked which, and what was said before is not asked again."""

from __future__ import annotations

from bot.nlu.understand import Understanding
from dialogs.engine.heard import Intent
from tests.turn.house import Talker


class Torn:
    """A ranker that cannot decide between a complaint and a claim."""

    def __init__(self) -> None:
        self.synonyms: dict[str, str] = {}

    def rank(self, text: str) -> tuple[tuple[Intent, ...], float]:
        return (Intent("radicar_queja", 0.48), Intent("radicar_reclamo", 0.45)), 0.0


async def test_what_was_said_before_a_clarification_is_the_story_of_the_errand_that_is_chosen(talker: Talker) -> None:
    said = "me cobraron una visita del técnico que nunca vino a mi casa"
    await talker.say("/menu")
    talker.services.runner.thinker.understanding = Understanding(Torn())
    (asked,) = await talker.hear(said)
    assert asked["response"] == "patrones.aclara"
    assert [option["label"] for option in asked["options"]] == ["poner una queja", "reclamar por la factura"]

    (offered,) = await talker.hear("", kind="choice", token=asked["options"][1]["token"])
    assert offered["response"] == "pide_usa_relato"
    assert said in offered["text"]
