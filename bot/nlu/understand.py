"""From a message to what was heard in it: danger first, then the answer awaited, then intents and things said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

import structlog

from bot.kernel.config_model import Settings
from bot.nlu.answers import ACCOUNT, read_answer
from bot.nlu.correction import find_correction
from bot.nlu.emergencies import detect
from bot.nlu.entities import ENTITIES, Gazetteer, extract
from bot.nlu.entities.numeros import document_kind
from bot.nlu.keywords import rank_by_keywords
from bot.nlu.normalise import LONGEST, Folded, fold, tokens
from bot.nlu.options import Option, read_option
from dialogs.engine.conversation import Conversation
from dialogs.engine.flow import Dialogs, SlotDef
from dialogs.engine.heard import Answer, Entity, Heard, Intent

#: Above this confidence the intent ``emergencia`` is danger even if no word of the lexicon was heard.
EMERGENCY_CONFIDENCE = 0.6

_EMERGENCY = "emergencia"
_OUT_OF_SCOPE = "fuera_de_alcance"
_KIND_BY_SERVICE = {"gas": "gas", "energia": "electrica", "agua": "agua", "alcantarillado": "agua"}
_NUMERIC_TYPES = frozenset({"account", "phone", "document", "money", "float", "date", "datetime"})
_TYPE_ENTITY = {"account": "cuenta", "phone": "telefono", "document": "documento", "money": "dinero", "date": "fecha"}
_PRIOR = 1.25
_RANKED = 10

log = structlog.get_logger(__name__)


class Ranker(Protocol):
    """What ranks intents: the trained model, or anything that does the same."""

    @property
    def synonyms(self) -> Mapping[str, str]:
        """Squeezed phrase → canonical value, from the language data."""
        ...

    def rank(self, text: str) -> tuple[tuple[Intent, ...], float]:
        """Return (intents, best first; probability that the text is out of scope)."""
        ...


class Understanding:
    """Understands messages; holds no state of any conversation.

    Args:
        model: the trained model, or None: emergencies, answers, entities and keywords work without it.
        gazetteer: names of sectors, from the database.
        account: shape of the company's account numbers; None is five to twelve digits.
    """

    def __init__(
        self,
        model: Ranker | None = None,
        gazetteer: Gazetteer | None = None,
        account: re.Pattern[str] | None = None,
    ) -> None:
        self._model = model
        self._gazetteer = gazetteer
        self._account = account or ACCOUNT

    @classmethod
    def open(cls, settings: Settings, intents: Iterable[str] | None = None) -> Understanding:
        """Return the understanding that the settings name.

        Without a model file it works by its words alone (emergencies, answers, entities, keywords) and says so in the
        log.

        Raises:
            ModelError: the model file is damaged, of another version, or answers with intents not in ``intents``.
        """
        path = settings.nlu.modelo
        model = None
        if path.exists():
            from bot.nlu.model import Model

            model = Model.load(path, intents)
        else:
            log.warning("model_missing", path=path.name, remedy="atiende train")
        shapes = "|".join(f"(?:{pattern})" for pattern in settings.ley.regex_cuenta.values())
        return cls(model, account=re.compile(shapes) if shapes else None)

    @property
    def model(self) -> Ranker | None:
        """The trained model in use, if any."""
        return self._model

    @property
    def has_model(self) -> bool:
        """Whether a trained model is in use."""
        return self._model is not None

    def know_places(self, gazetteer: Gazetteer) -> None:
        """Take another list of sectors, when the database has one."""
        self._gazetteer = gazetteer

    def parse(self, text: str, *, now: datetime) -> dict[str, Any]:
        """Return what was heard in ``text`` outside any talk, in the shape of Rasa's ``POST /model/parse``.

        Beside Rasa's ``text, intent, intent_ranking, entities`` it tells ``out_of_scope`` (a probability),
        ``emergency`` (the kind of danger or an empty text) and ``correction``.
        """
        heard = self.hear(text, now=now)
        ranking = [{"name": intent.name, "confidence": round(intent.confidence, 4)} for intent in heard.ranking]
        return {
            "text": heard.text,
            "intent": ranking[0] if ranking else {"name": None, "confidence": 0.0},
            "intent_ranking": ranking[:_RANKED],
            "entities": [
                {
                    "entity": entity.name,
                    "value": entity.value,
                    "start": entity.start,
                    "end": entity.end,
                    "text": entity.text,
                    "extractor": "atiende",
                }
                for entity in heard.entities
            ],
            "out_of_scope": round(heard.out_of_scope, 4),
            "emergency": heard.emergency,
            "correction": heard.correction,
        }

    def hear(  # noqa: PLR0913 - a message has this many sides
        self,
        text: str,
        *,
        now: datetime,
        kind: str = "text",
        conversation: Conversation | None = None,
        dialogs: Dialogs | None = None,
        menu: Sequence[Option] = (),
        media: Sequence[Mapping[str, Any]] = (),
        point: tuple[float, float] | None = None,
        payload: str = "",
        stale: bool = False,
    ) -> Heard:
        """Return what was heard. Never raises; the time it takes grows with the length of the text only.

        Args:
            text: what the person wrote, or the label of the pressed button; ``LONGEST`` characters are read.
            now: the present moment (aware).
            kind: the ``InboundKind`` of the message.
            conversation: the talk so far; its ``asked`` slot tells how to read an answer.
            dialogs: flows and domain, where the asked slot is defined.
            menu: the options on screen, each with ``label`` and ``payload``.
            media: documents that came along, ``{"file_id", "kind", "mime", "name"}``.
            point: latitude and longitude in degrees (WGS 84).
            payload: the meaning of the pressed button, already looked up by its token.
            stale: the pressed button belongs to an older menu.
        """
        text = text[:LONGEST]
        slot = _asked_slot(conversation, dialogs)
        heard = Heard(
            text=text,
            payload=payload,
            stale=stale,
            media=tuple(media),
            point=point,
            unsupported=kind == "unsupported",
        )
        if stale:
            return heard
        if payload:
            return self._pressed(heard, payload, slot, now)
        if point is not None and slot is not None and slot.type == "location":
            heard = replace(heard, answer=Answer({"lat": point[0], "lon": point[1]}, sure=True))
        elif media and slot is not None and slot.type == "media":
            heard = replace(heard, answer=Answer([dict(document) for document in media], sure=True))
        return self._read(heard, text, slot, menu, now) if text.strip() else heard

    def _pressed(self, heard: Heard, payload: str, slot: SlotDef | None, now: datetime) -> Heard:
        """Hear a pressed button: commands are left to the engine, plain text is heard as if it had been typed."""
        if payload.startswith("/"):
            return heard
        said = self._read(heard, payload, slot, (), now)
        return replace(said, payload=payload, text=heard.text or payload)

    def _read(self, heard: Heard, text: str, slot: SlotDef | None, menu: Sequence[Option], now: datetime) -> Heard:
        folded = fold(text)
        emergency = detect(text)
        correction = find_correction(folded)
        start = 0
        if correction and correction.start < len(folded.text):
            start = folded.span(correction.start, correction.start + 1)[0]
        said = text[start:]
        entities = _shifted(self._entities(said, slot, now, None if start else folded), start)
        answer = heard.answer
        if slot is not None and answer is None:
            answer = read_answer(
                said if said.strip() else text,
                slot,
                now=now,
                options=menu,
                entities=entities,
                gazetteer=self._gazetteer,
                synonyms=self._model.synonyms if self._model else None,
                account=self._account,
            )
        ranking, out_of_scope = self._rank(text)
        ranking = _with_prior(ranking, slot)
        if not emergency and ranking and ranking[0].name == _EMERGENCY:
            emergency = _guess_kind(ranking[0], entities, by_model=self._model is not None)
        extra: dict[str, Any] = {}
        if any(entity.name == "documento" for entity in entities):
            extra["tipo_documento"] = document_kind(folded.text)
        return replace(
            heard,
            ranking=ranking,
            out_of_scope=out_of_scope,
            entities=entities,
            answer=answer,
            payload=heard.payload or _chosen(said, slot, menu),
            emergency=emergency,
            correction=correction is not None,
            extra=extra,
        )

    def _entities(self, text: str, slot: SlotDef | None, now: datetime, folded: Folded | None) -> tuple[Entity, ...]:
        return extract(text, now=now, gazetteer=self._gazetteer, asked=_asked_entity(slot), folded=folded)

    def _rank(self, text: str) -> tuple[tuple[Intent, ...], float]:
        if self._model is not None:
            return self._model.rank(text)
        ranking = rank_by_keywords(text)
        beyond = next((intent.confidence for intent in ranking if intent.name == _OUT_OF_SCOPE), 0.0)
        return ranking, beyond if ranking else 0.5


def _asked_slot(conversation: Conversation | None, dialogs: Dialogs | None) -> SlotDef | None:
    if conversation is None or dialogs is None or not conversation.asked:
        return None
    return dialogs.domain.slots.get(conversation.asked)


def _asked_entity(slot: SlotDef | None) -> str:
    if slot is None:
        return ""
    mapped = next((mapping.entity for mapping in slot.mappings if mapping.type == "from_entity"), "")
    return mapped or _TYPE_ENTITY.get(slot.type, "") or (slot.name if slot.name in ENTITIES else "")


def _chosen(text: str, slot: SlotDef | None, menu: Sequence[Option]) -> str:
    """Return the command of the option that was typed instead of pressed, or empty."""
    if not menu:
        return ""
    by_number = slot is None or (slot.type not in _NUMERIC_TYPES and _asked_entity(slot) not in _TYPE_ENTITY.values())
    place = read_option(text, menu, by_number=by_number)
    if place is None:
        return ""
    payload = menu[place].payload
    return payload if payload.startswith("/") else ""


def _shifted(entities: tuple[Entity, ...], by: int) -> tuple[Entity, ...]:
    if not by:
        return entities
    return tuple(replace(entity, start=entity.start + by, end=entity.end + by) for entity in entities)


def _with_prior(ranking: tuple[Intent, ...], slot: SlotDef | None) -> tuple[Intent, ...]:
    """Lean a little towards yes and no when that was asked; the rest of the ranking keeps its order."""
    if slot is None or slot.type != "bool" or not ranking:
        return ranking
    leaned = [
        Intent(intent.name, intent.confidence * (_PRIOR if intent.name in {"afirmar", "negar"} else 1.0))
        for intent in ranking
    ]
    total = sum(intent.confidence for intent in leaned)
    scale = min(1.0, 1.0 / total) if total else 1.0
    leaned = [Intent(intent.name, intent.confidence * scale) for intent in leaned]
    return tuple(sorted(leaned, key=lambda intent: -intent.confidence))


def _guess_kind(intent: Intent, entities: tuple[Entity, ...], *, by_model: bool) -> str:
    """Name the danger that only the model heard, by the service that is spoken of."""
    if not by_model or intent.confidence < EMERGENCY_CONFIDENCE:
        return ""
    services = [entity.value for entity in entities if entity.name == "servicio"]
    return next((_KIND_BY_SERVICE[service] for service in services if service in _KIND_BY_SERVICE), "vida")


def is_empty(text: str) -> bool:
    """Whether a text says nothing that can be read: no letter and no digit of ours."""
    return not any(token.text[0].isalnum() for token in tokens(text))
