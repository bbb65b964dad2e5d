"""What the talk so far says about a message: the slot that was asked, the menu on screen, the answers to correct."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.nlu.answers import NUMERIC
from bot.nlu.entities import ENTITIES
from bot.nlu.normalise import tokens
from bot.nlu.options import Option, read_option, read_polarity
from bot.nlu.yes_no import without_manners
from dialogs.engine.conversation import Conversation
from dialogs.engine.flow import CollectStep, Dialogs, SlotDef
from dialogs.engine.heard import Entity, Intent
from dialogs.engine.slots import plain

_TYPE_ENTITY = {"account": "cuenta", "phone": "telefono", "document": "documento", "money": "dinero", "date": "fecha"}
_NUMBER_ENTITIES = frozenset({*_TYPE_ENTITY.values(), "radicado", "cuotas"})
_PRIOR = 1.25
_SOUNDS_LIKE = 0.3
_THING_ALONE = 0.4
#: A message with more words says more than the things it names.
_MOST_WORDS = 100
_LINKS = frozenset("el la los las un una de del en a al para por es y o mi son desde hasta con".split())


def asked_slot(conversation: Conversation | None, dialogs: Dialogs | None) -> SlotDef | None:
    """Return the slot whose answer is awaited, or None."""
    if conversation is None or dialogs is None or not conversation.asked:
        return None
    return dialogs.domain.slots.get(conversation.asked)


def late_slot(conversation: Conversation | None, dialogs: Dialogs | None) -> SlotDef | None:
    """Return the slot whose question silence closed, where nothing else is asked now; None when there is none."""
    if conversation is None or dialogs is None or conversation.asked or conversation.parked is None:
        return None
    top = conversation.parked.stack[-1]
    flow = dialogs.flows.get(top.flow)
    step = flow.steps.get(top.step) if flow else None
    return dialogs.domain.slots.get(step.slot) if isinstance(step, CollectStep) else None


def asked_entity(slot: SlotDef | None) -> str:
    """Return the entity that would fill the slot: by its mapping, its type or its name; empty when none would."""
    if slot is None:
        return ""
    mapped = next((mapping.entity for mapping in slot.mappings if mapping.type == "from_entity"), "")
    return mapped or _TYPE_ENTITY.get(slot.type, "") or (slot.name if slot.name in ENTITIES else "")


def is_command(text: str, dialogs: Dialogs | None) -> bool:
    """Return whether the whole message, but for greeting and thanks, is one of the words of command (``x-words``)."""
    if dialogs is None:
        return False
    said = {plain(text), plain(without_manners(text))}
    return any(said & phrases for phrases in dialogs.domain.words.values())


def chosen(text: str, slot: SlotDef | None, menu: Sequence[Option], *, by_number: bool = True) -> str:
    """Return the payload of the option that was typed instead of pressed, or empty.

    While a number is being asked for, a digit is a choice only with ``by_number``: when it cannot be the answer. Then,
    and where nothing is being asked, a yes or a no chooses the one option that says it.
    """
    if not menu:
        return ""
    is_number = slot is not None and (slot.type in NUMERIC or asked_entity(slot) in _NUMBER_ENTITIES)
    place = read_option(text, menu, by_number=by_number or not is_number)
    if place is None and (slot is None or by_number):
        place = read_polarity(text, [option.label for option in menu])
    return "" if place is None else menu[place].payload


def with_prior(ranking: tuple[Intent, ...], slot: SlotDef | None) -> tuple[Intent, ...]:
    """Lean towards what was asked; the confidences still add up to at most one.

    A yes or a no gains a little where one was asked for; an errand that answers to this question are easily taken for
    (``x-sounds-like``) loses most of its weight, so that the answer stays one.
    """
    if slot is None or not ranking or not (slot.type == "bool" or slot.sounds_like):
        return ranking
    weights = dict.fromkeys(slot.sounds_like, _SOUNDS_LIKE)
    if slot.type == "bool":
        weights |= {"afirmar": _PRIOR, "negar": _PRIOR}
    leaned = [Intent(intent.name, intent.confidence * weights.get(intent.name, 1.0)) for intent in ranking]
    scale = 1.0 / max(1.0, sum(intent.confidence for intent in leaned))
    leaned = [Intent(intent.name, intent.confidence * scale) for intent in leaned]
    return tuple(sorted(leaned, key=lambda intent: -intent.confidence))


def is_thing_alone(text: str, entities: Sequence[Entity]) -> bool:
    """Tell whether ``text`` only names things that were read («el jueves», «a las 3»): an answer, right or wrong."""
    if not entities:
        return False
    words = [token for token in tokens(text) if token.text[0].isalnum()]
    if len(words) > _MOST_WORDS:
        return False
    rest = [
        token.text
        for token in words
        if not any(entity.start <= token.start and token.end <= entity.end for entity in entities)
    ]
    return bool(words) and len(rest) < len(words) and _LINKS.issuperset(rest)


def doubted(ranking: tuple[Intent, ...]) -> tuple[Intent, ...]:
    """Return the intents of a message that names a thing and wishes nothing, with what little they are worth."""
    return tuple(Intent(intent.name, intent.confidence * _THING_ALONE) for intent in ranking)


def answered_slots(conversation: Conversation, dialogs: Dialogs) -> Iterator[SlotDef]:
    """Yield the slots that the running flows have filled, newest first, except the one being asked."""
    for frame in reversed(conversation.stack):
        for name in reversed(frame.filled):
            slot = dialogs.domain.slots.get(name)
            if slot is not None and name != conversation.asked:
                yield slot
