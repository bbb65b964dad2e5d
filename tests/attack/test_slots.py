"""Hostile text into every question of a filing: the case is filed, its words are kept byte for byte, nothing else happens."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.channels.clean import clean_text
from bot.turn.plan import Talk
from tests.attack.corpus import texts
from tests.attack.place import Place

#: An answer that each question takes; whatever is not here gets «omitir», then «sí».
SAFE = {
    "relato": "llevo tres días sin que recojan la basura",
    "decision_datos": "acepto",
    "servicio": "aseo",
    "cuenta": "No lo tengo",
    "nombre": "Persona de Prueba",
    "documento": "52345679",
    "correo": "No tengo correo",
    "decide_radicar": "Sí, radicar",
    "que_corregir": "servicio",
    "camino_sin_datos": "Radicar sin datos",
}
_MOST_TURNS = 60
#: Longer texts meet only the story and the two questions whose readers look at every character.
_LONG = 2_000
#: Words that start other errands or that a question rightly takes for its own answer are not tried in the flow.
STEERING = {"forged_session", "forged_restart", "forged_internal_flow", "forged_staff"}


async def asked(place: Place, sender: str) -> str:
    conversation_id = place.services.conversation_id(f"rest:rest:{sender}")
    record = await place.services.database.read(lambda uow: uow.conversations.load(conversation_id))
    return Talk.from_record(record).engine.asked or "" if record else ""


async def file_with(place: Place, sender: str, hostile: str) -> list[str]:
    """Answer with ``hostile`` first and safely after; return which questions were attacked.

    Every text meets the story; of the other questions it meets every third one, by its own turn, so that all of the
    corpus meets all of them in few seconds.
    """
    shift = sum(sender.encode()) % 3
    conversation_id = place.services.conversation_id(f"rest:rest:{sender}")
    attacked: list[str] = []
    tries: dict[str, int] = {}
    met: dict[str, int] = {}
    await place.rest(sender, "/radicar_queja")
    for _ in range(_MOST_TURNS):
        question = await asked(place, sender)
        if not question:
            await place.rest(sender, "/radicar_queja")
            continue
        tries[question] = tries.get(question, 0) + 1
        met.setdefault(question, len(met))
        if question not in attacked and _meets(hostile, question, met, shift):
            attacked.append(question)
            words = hostile
        else:
            words = SAFE.get(question, "omitir") if tries[question] < 5 else "sí"
        answer = await place.rest(sender, words)
        assert answer.status_code in {200, 400}, (question, answer.status_code)
        cases = await place.services.database.read(lambda uow: uow.cases.of_conversation(conversation_id))
        if cases:
            return attacked
    return []


def _meets(hostile: str, question: str, met: dict[str, int], shift: int) -> bool:
    is_turn = met[question] % 3 == shift and (len(hostile) < _LONG or question in {"nombre", "correo"})
    return question == "relato" or is_turn


def names() -> list[str]:
    # The door's own limits have their own test.
    usable = [name for name, words in texts().items() if clean_text(words) and len(words) <= 10_000]
    return [name for name in usable if name not in STEERING]


@pytest.mark.parametrize("part", range(2))
async def test_every_hostile_text_in_every_question_still_ends_in_a_case(place: Place, part: int) -> None:
    dialect = place.services.database.dialect
    # Half of the corpus on each database, and the other half on the other: both see every kind.
    mine = names()[part::2] if dialect == "sqlite" else names()[part::12]
    odd = []

    async def one(name: str) -> None:
        words = texts()[name]
        attacked = await file_with(place, f"persona-{name}", words)
        conversation_id = place.services.conversation_id(f"rest:rest:persona-{name}")
        cases = await place.services.database.read(lambda uow: uow.cases.of_conversation(conversation_id))
        if len(cases) != 1 or not attacked:
            odd.append((name, len(cases), attacked))
            return
        if cases[0].relato not in {clean_text(words), SAFE["relato"]}:
            odd.append((name, "the story was changed", cases[0].relato[:80]))
        if sum(name.encode()) % 3:
            return  # drawing every document would take longer than all the rest
        pdf = await place.services.documents.of(f"constancia:{cases[0].id}", conversation_id)
        if pdf is None or b"/JavaScript" in pdf.content or b"/URI(javascript" in pdf.content:
            odd.append((name, "constancia", None))

    for start in range(0, len(mine), 8):
        await asyncio.gather(*(one(name) for name in mine[start : start + 8]))
        place.clock.move(timedelta(minutes=2))
    assert odd == []


LITERAL = ("sql_quotes", "template_jinja", "formula_hyperlink", "bidi_override", "zero_width", "emoji_family", "html_script",
           "rich_markup", "combining", "line_separators", "controls_c1", "noncharacters", "long_sentence", "yaml_python")  # fmt: skip


async def test_a_story_is_filed_byte_for_byte_and_sealed(place: Place) -> None:
    odd = []
    for name in LITERAL:
        words = f"mi queja es esta: {texts()[name]} y espero respuesta"[:9_900].strip()
        sender = f"literal-{name}"
        conversation_id = place.services.conversation_id(f"rest:rest:{sender}")
        await place.rest(sender, "/radicar_queja")
        await place.rest(sender, words)
        for _ in range(_MOST_TURNS):
            question = await asked(place, sender)
            if not question:
                break
            await place.rest(sender, SAFE.get(question, "omitir"))
        cases = await place.services.database.read(
            lambda uow, wanted=conversation_id: uow.cases.of_conversation(wanted)
        )
        if [case.relato for case in cases] != [words]:
            odd.append((name, [case.relato[:60] for case in cases]))
    assert odd == []
    # What a stolen dump shows: the stories are sealed.
    assert place.count("select count(*) from cases where cast(relato as text) like '%mi queja es esta%'") == 0


async def test_nobody_writes_what_only_the_house_may_say(place: Place) -> None:
    forged = [words for name, words in texts().items() if name.startswith("forged_")]
    for number, words in enumerate(forged):
        sender = f"falso-{number}"
        await place.rest(sender, words)
        await place.rest(sender, "/radicar_queja")
        await place.rest(sender, words)
        tracker = (await place.client.get(f"/conversations/{sender}/tracker")).json()
        slots = tracker["slots"]
        assert not slots.get("datos_autorizados"), words
        assert slots.get("cuenta_estado") != "encontrada"
        assert slots.get("resultado_consulta") is None
        assert slots.get("caso") is None
    assert place.count("select count(*) from consents") == 0
    assert place.count("select count(*) from cases") == 0
    assert place.count("select count(*) from outbox where kind = 'staff'") == 0
