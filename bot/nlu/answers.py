"""Read a message as the answer to the question that was asked, by the type of the slot; None when it is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.nlu.entities.correo import read_email
from bot.nlu.entities.cuotas import read_instalments
from bot.nlu.entities.dinero import read_money
from bot.nlu.entities.direccion import read_address
from bot.nlu.entities.fecha import read_date
from bot.nlu.entities.nombre import introduces, read_name
from bot.nlu.entities.numeros import RADICADO_DIGITS, read_document, read_phone
from bot.nlu.entities.sector import Gazetteer, read_sector
from bot.nlu.entities.servicio import read_service
from bot.nlu.marks import read_mark
from bot.nlu.normalise import fold, squeeze
from bot.nlu.numbers import read_count
from bot.nlu.options import Option, read_label, read_number, read_option, read_polarity
from bot.nlu.yes_no import read_yes_no
from dialogs.engine.choice import leaves_choice
from dialogs.engine.flow import SlotDef
from dialogs.engine.heard import Answer, Entity

#: Accounts when the company has not said otherwise (§8.1 of the domain): never a radicado's fourteen digits.
ACCOUNT = re.compile(r"\d{5,12}")

#: Slot types whose answers are numbers, so that a bare digit is not a choice of the menu.
NUMERIC = frozenset({"account", "phone", "document", "mark", "money", "float", "date", "datetime"})

_SET_SLOT = re.compile(r"/SetSlots\(\s*(\w+)\s*=\s*([^,=()]+?)\s*\)\Z")
_LONGEST_ANSWER = 120
#: No amount, count or mark that is asked for is below zero.
_BELOW_ZERO = re.compile(r"(?<![\w.])-\s?\d|\bmenos \d", re.IGNORECASE)
_POLAR = frozenset("si no tampoco nada ya todavia aun sigue seguimos igual volvio llego".split())
_SHORT_REPLY = 5
_DAY = len("2026-03-18")


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked and what helps to read the answer.

    ``options`` are the buttons on screen, ``entities`` what was found in the text, ``synonyms`` squeezed phrase →
    canonical value (from the language data), ``account`` the shape of account numbers of the company.
    """

    slot: SlotDef
    now: datetime
    options: Sequence[Option] = ()
    entities: tuple[Entity, ...] = ()
    gazetteer: Gazetteer | None = None
    synonyms: Mapping[str, str] | None = None
    account: re.Pattern[str] = ACCOUNT

    @property
    def entity(self) -> str:
        """The entity that fills the slot: by its mapping, else by its own name."""
        mapped = next((mapping.entity for mapping in self.slot.mappings if mapping.type == "from_entity"), "")
        return mapped or (self.slot.name if self.slot.name in _BY_ENTITY else "")


def value_of_option(option: Option, slot: SlotDef) -> str | None:
    """Return the value an option gives to ``slot`` (``/SetSlots(slot=value)``), or None."""
    match = _SET_SLOT.match(option.payload)
    return match[2].strip("\"'") if match and match[1] == slot.name else None


def _typed(value: str, slot: SlotDef) -> Any:
    if slot.type == "bool":
        return value.lower() in {"true", "si", "sí", "1", "yes"}
    if slot.type == "float":
        return float(value)
    return int(value) if slot.type == "mark" else value


def _option_answer(text: str, question: Question) -> Answer | None:
    by_number = question.slot.type not in NUMERIC and question.entity not in _NUMBER_ENTITIES
    place = read_option(text, question.options, by_number=by_number)
    if place is None and question.slot.type in {"categorical", "bool"}:
        place = read_polarity(text, [option.label for option in question.options])
    if place is None:
        return None
    option = question.options[place]
    value = value_of_option(option, question.slot)
    if value is not None:
        return Answer(_typed(value, question.slot), sure=True)
    if not option.payload.startswith("/") and squeeze(option.payload) != squeeze(text):
        return _typed_answer(option.payload, question)
    return None


def _bool(text: str, question: Question) -> Answer | None:
    value = read_yes_no(text)
    if value is None and not question.options:
        # A yes/no question shows its two answers as 1 and 2 where there are no buttons.
        place = read_number(text, 2)
        value = None if place is None else place == 0
    return None if value is None else Answer(value, sure=True)


def _categorical(text: str, question: Question) -> Answer | None:
    values = question.slot.values
    said = squeeze(text)
    labels = [value.replace("_", " ") for value in values]
    for place, value in enumerate(values):
        if said in {squeeze(value), squeeze(labels[place])}:
            return Answer(value, sure=True)
    synonym = (question.synonyms or {}).get(said)
    if synonym in values:
        return Answer(synonym, sure=True)
    for entity in question.entities:
        if entity.value in values:
            others = [other for other in question.entities if other.name == entity.name and other.value != entity.value]
            if not others:
                return Answer(entity.value, sure=len(text) <= _LONGEST_ANSWER)
    service = read_service(fold(text).text)
    if service in values:
        return Answer(service, sure=len(text) <= _LONGEST_ANSWER)
    if not question.options:
        number = read_number(text, len(values))
        if number is not None:
            return Answer(values[number], sure=True)
    place_said = read_label(text, labels)
    if place_said is None and not question.options:
        place_said = read_polarity(text, labels)
    return None if place_said is None else Answer(values[place_said], sure=True)


def _float(text: str, question: Question) -> Answer | None:
    if _BELOW_ZERO.search(text):
        return None
    number = read_count(fold(text[:_LONGEST_ANSWER]).text)
    low, high = question.slot.min_value, question.slot.max_value
    if number is None or (low is not None and number < low) or (high is not None and number > high):
        return None
    return Answer(number, sure=True)


def _date(text: str, question: Question) -> Answer | None:
    if question.options and read_number(text, len(question.options)) is not None:
        return None  # "1" is the first option on screen rather than the first of some month
    value = read_date(text[:400], question.now)
    return None if value is None else Answer(value[:_DAY], sure=True)


def _datetime(text: str, question: Question) -> Answer | None:
    value = read_date(text[:400], question.now)
    return Answer(value, sure=True) if value and "T" in value else None


def _money(text: str, question: Question) -> Answer | None:
    # A doubtful amount ("debo 120") is no answer: it is asked for again.
    amounts = {entity.value for entity in question.entities if entity.name == "dinero" and not entity.role}
    value = read_money(fold(text[:_LONGEST_ANSWER]).text)
    if value is None and len(amounts) == 1 and "-" not in text:
        value = next(iter(amounts))
    return None if value is None else Answer(value, sure=True)


def _mark(text: str, _question: Question) -> Answer | None:
    value = read_mark(text)
    return None if value is None else Answer(value, sure=True)


def _phone(text: str, question: Question) -> Answer | None:
    said = [entity.value for entity in question.entities if entity.name == "telefono"]
    value = said[0] if said else read_phone(fold(text[:_LONGEST_ANSWER]).text) if len(text) <= 40 else None  # noqa: PLR2004
    return None if value is None else Answer(value, sure=True)


def _document(text: str, question: Question) -> Answer | None:
    said = [entity.value for entity in question.entities if entity.name == "documento"]
    if said:
        return Answer(said[0], sure=True)
    document = read_document(fold(text[:_LONGEST_ANSWER]).text)
    return None if document is None else Answer(document.number, sure=True)


def _account(text: str, question: Question) -> Answer | None:
    said = [entity.value for entity in question.entities if entity.name == "cuenta"]
    candidates = said or [re.sub(r"[ .\-]", "", found) for found in re.findall(r"\d[\d .\-]*", fold(text[:400]).text)]
    for candidate in candidates:
        if question.account.fullmatch(candidate) and len(candidate) not in RADICADO_DIGITS:
            return Answer(candidate, sure=True)
    return None


def _radicado(text: str, question: Question) -> Answer | None:
    said = [entity.value for entity in question.entities if entity.name == "radicado"]
    if said:
        return Answer(said[0], sure=True)
    digits = re.sub(r"\D", "", fold(text[:_LONGEST_ANSWER]).text)
    letters = re.search(r"[a-z]{3,}", re.sub(r"\b(?:radicado|numero|el|es|mi|la|rad|no|nro)\b", "", fold(text).text))
    return Answer(digits, sure=True) if 6 <= len(digits) <= 24 and not letters else None  # noqa: PLR2004


def _address(text: str, _question: Question) -> Answer | None:
    value = read_address(text)
    if value:
        return Answer(value, sure=True)
    said = " ".join(text.split())
    # No nomenclature: a landmark in the person's own words, as good as it gets.
    enough = len(said) >= 8 and len(said.split()) >= 2 and not said.endswith("?")  # noqa: PLR2004
    return Answer(said[:200], sure=False) if enough else None


def _email(text: str, question: Question) -> Answer | None:
    said = [entity.value for entity in question.entities if entity.name == "correo"]
    value = said[0] if said else read_email(text)
    return None if value is None else Answer(value, sure=True)


def _name(text: str, _question: Question) -> Answer | None:
    value = read_name(text)
    return None if value is None else Answer(value, sure=introduces(text, value))


def _instalments(text: str, question: Question) -> Answer | None:
    said = {entity.value for entity in question.entities if entity.name == "cuotas"}
    value = read_instalments(fold(text[:_LONGEST_ANSWER]).text)
    if value is None and len(said) == 1:
        value = int(next(iter(said)))
    return None if value is None else Answer(float(value) if question.slot.type == "float" else value, sure=True)


def _sector(text: str, question: Question) -> Answer | None:
    said = [entity.value for entity in question.entities if entity.name == "sector"]
    if said:
        return Answer(said[0], sure=True)
    value = read_sector(text, question.gazetteer)
    if value is not None:
        return Answer(value, sure=True)
    words = " ".join(text.split())
    return Answer(words[:_LONGEST_ANSWER], sure=False) if re.search(r"[^\W\d_]{3}", words) else None


def _place(text: str, question: Question) -> Answer | None:
    """Take any words as a place, in full: what else they say («en Soacha») is read where the ground is known."""
    said = text.strip()
    named = any(entity.name in {"direccion", "sector"} for entity in question.entities)
    sure = named or read_address(text) is not None or read_sector(text, question.gazetteer) is not None
    return Answer(said, sure=sure) if said else None


def _reply(text: str, _question: Question) -> Answer | None:
    """Take the whole reply in words; a yes or a no, alone or in a short phrase, is sure, and no other wish."""
    said = text.strip()
    spoken = squeeze(text).split()
    is_short = len(spoken) <= _SHORT_REPLY and not _POLAR.isdisjoint(spoken)
    return Answer(said, sure=is_short or read_yes_no(text) is not None) if said else None


def _when(text: str, question: Question) -> Answer | None:
    """Take a day, else words that leave the choice to us: «la primera que tenga», «por la tarde», «cualquiera»."""
    day = _date(text, question)
    if day is not None:
        return day
    said = " ".join(text.split())[:_LONGEST_ANSWER]
    return Answer(said, sure=True) if leaves_choice(said) else None


def _service(text: str, question: Question) -> Answer | None:
    if question.slot.values:
        return _categorical(text, question)
    value = read_service(fold(text).text)
    return None if value is None else Answer(value, sure=True)


def _text(text: str, _question: Question) -> Answer | None:
    said = text.strip()
    return Answer(said, sure=False) if said else None


_Reader = Callable[[str, Question], Answer | None]

_BY_TYPE: Mapping[str, _Reader] = {
    "text": _text,
    "any": _text,
    "list": _text,
    "bool": _bool,
    "categorical": _categorical,
    "float": _float,
    "date": _date,
    "datetime": _datetime,
    "mark": _mark,
    "money": _money,
    "phone": _phone,
    "document": _document,
    "account": _account,
    "address": _address,
}
_BY_ENTITY: Mapping[str, _Reader] = {
    "radicado": _radicado,
    "cuenta": _account,
    "servicio": _service,
    "sector": _sector,
    "direccion": _address,
    "fecha": _date,
    "dinero": _money,
    "cuotas": _instalments,
    "documento": _document,
    "telefono": _phone,
    "correo": _email,
    "nombre": _name,
    "punto": _place,
    "respuesta": _reply,
    "cuando": _when,
}
_NUMBER_ENTITIES = frozenset({"radicado", "cuenta", "documento", "telefono", "dinero", "cuotas", "fecha"})


def _typed_answer(text: str, question: Question) -> Answer | None:
    slot = question.slot
    if slot.type in {"text", "float", "any"} and question.entity in _BY_ENTITY:
        return _BY_ENTITY[question.entity](text, question)
    reader = _BY_TYPE.get(slot.type)
    return reader(text, question) if reader else None


def read_answer(
    text: str,
    slot: SlotDef,
    *,
    now: datetime,
    options: Sequence[Option] = (),
    entities: tuple[Entity, ...] = (),
    gazetteer: Gazetteer | None = None,
    synonyms: Mapping[str, str] | None = None,
    account: re.Pattern[str] = ACCOUNT,
) -> Answer | None:
    """Read ``text`` as the answer to the question for ``slot``.

    First the options on screen (by number only where a number is not itself an answer), then the type of the slot:
    values are JSON-compatible (date ``YYYY-MM-DD``, money in whole pesos, phone E.164, document and account digits).
    None means that it is no answer: wrong shape, negative or absurd money, a NIT with a wrong check digit, several
    values. ``location`` and ``media`` slots are never answered by text.
    """
    question = Question(slot, now, options, entities, gazetteer, synonyms, account)
    if not text.strip():
        return None
    return _option_answer(text, question) or _typed_answer(text, question)
