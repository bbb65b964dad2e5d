"""From a message to what was heard in it: danger first, then the answer awaited, then intents and things said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

import structlog

from bot.kernel.config_model import Settings
from bot.nlu.answers import ACCOUNT, read_answer
from bot.nlu.clauses import clauses_of
from bot.nlu.context import (
    answered_slots,
    asked_entity,
    asked_slot,
    chosen,
    doubted,
    is_command,
    is_thing_alone,
    late_slot,
    with_prior,
)
from bot.nlu.correction import find_correction
from bot.nlu.emergencies import detect, doubt, is_believed
from bot.nlu.entities import Gazetteer, extract
from bot.nlu.entities.fecha import names_no_day
from bot.nlu.entities.numeros import document_kind
from bot.nlu.keywords import rank_by_keywords
from bot.nlu.letter import as_letter, is_letter, takes_letters
from bot.nlu.normalise import LONGEST, Folded, fold, is_blank
from bot.nlu.options import Option
from bot.nlu.yes_no import read_yes_no, without_courtesy, without_manners
from dialogs.engine.conversation import Conversation
from dialogs.engine.flow import Dialogs, SlotDef
from dialogs.engine.heard import Answer, Entity, Heard, Intent

#: Characters of a message that are kept as said; ``LONGEST`` of them are understood.
LONGEST_KEPT = 20_000

_EMERGENCY = "emergencia"
_EMERGENCY_PRIORITY = "emergency"
_OUT_OF_SCOPE = "fuera_de_alcance"
_PIN = "punto"
_KIND_BY_SERVICE = {"gas": "gas", "energia": "electrica", "agua": "agua", "alcantarillado": "agua"}
_RANKED = 10
#: Words of an answer that may be one to a question that silence closed days ago.
_SHORT_ANSWER = 4
#: Words of a message that may be a word of command, or a no, with courtesy around it.
_SHORT_SAID = 9
_UNKNOWN = 0.5
_NEVER_REREAD = frozenset({"text", "any", "list", "location", "media"})
_NAMED_TEXTS = frozenset({"nombre", "correo", "radicado", "direccion", "sector", "cuotas", "servicio"})

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Message:
    """One message and what is needed to read it."""

    text: str
    folded: Folded
    now: datetime
    slot: SlotDef | None
    menu: Sequence[Option]
    conversation: Conversation | None
    dialogs: Dialogs | None


def is_attended(message: _Message) -> bool:
    """Tell whether the errand that runs is the one for danger."""
    top = message.conversation.top if message.conversation is not None else None
    flow = message.dialogs.flows.get(top.flow) if top is not None and message.dialogs is not None else None
    return flow is not None and flow.priority == _EMERGENCY_PRIORITY


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
        model, places = None, None
        if path.exists():
            from bot.nlu.model import Model

            model = Model.load(path, intents)
            places = Gazetteer.of(model.card.lookups.get("sector", ()))
        else:
            log.warning("model_missing", path=path.name, remedy="atiende train")
        shapes = "|".join(f"(?:{pattern})" for pattern in settings.ley.regex_cuenta.values())
        return cls(model, places, re.compile(shapes) if shapes else None)

    @property
    def model(self) -> Ranker | None:
        """The trained model in use, if any."""
        return self._model

    @property
    def has_model(self) -> bool:
        """Whether a trained model is in use."""
        return self._model is not None

    @property
    def taught_by(self) -> str:
        """The hash of the examples that the model in use was trained with; empty without one."""
        return str(getattr(getattr(self._model, "card", None), "data_sha256", ""))

    def things(self, text: str, *, now: datetime) -> tuple[Entity, ...]:
        """Return the typed things said in ``text``, whatever was asked."""
        return self._entities(text, "", now, 0)

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
                    **({"role": entity.role} if entity.role else {}),
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
            text: what the person wrote, or the label of the pressed button; ``LONGEST`` characters are understood,
                ``LONGEST_KEPT`` are kept.
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
        text = text[:LONGEST_KEPT]
        heard = Heard(
            text=text,
            payload=payload,
            stale=stale,
            media=tuple(media),
            point=point,
            unsupported=kind == "unsupported",
        )
        if stale or payload.startswith("/"):
            return heard
        slot = asked_slot(conversation, dialogs)
        if point is not None:
            # A pin is also heard as «latitude, longitude», for slots that take words as well.
            pin = f"{point[0]:.6f}, {point[1]:.6f}"
            heard = replace(heard, entities=(Entity(_PIN, pin, 0, 0, ""),))
            if slot is not None and slot.type == "location":
                heard = replace(heard, answer=Answer({"lat": point[0], "lon": point[1]}, sure=True))
            elif asked_entity(slot) == _PIN:
                heard = replace(heard, answer=Answer(pin, sure=True))
        elif media and slot is not None and slot.type == "media":
            heard = replace(heard, answer=Answer([dict(document) for document in media], sure=True))
        # The plain text of a button is heard as if it had been typed.
        said = payload or text
        if is_blank(said):
            return heard
        return self._read(heard, _Message(said, fold(said), now, slot, menu, conversation, dialogs))

    def _read(self, heard: Heard, message: _Message) -> Heard:
        text, slot = message.text, message.slot
        correction = find_correction(message.folded)
        start = 0
        if correction and correction.start < len(message.folded.text):
            start = message.folded.span(correction.start, correction.start + 1)[0]
        said = text[start:] if text[start:].strip() else text
        entities = self._entities(said, asked_entity(slot), message.now, start)
        answer = heard.answer
        if slot is not None and answer is None:
            answer = self._answer(said, slot, message, entities, message.menu)
        payload = heard.payload
        if not payload and not (answer is not None and answer.sure):
            payload = chosen(said, slot, message.menu, by_number=answer is None)
            if payload and not payload.startswith("/"):
                # The option stands for these words: they are read as if they had been said.
                heard = replace(heard, payload=payload)
                return self._read(heard, replace(message, text=payload, folded=fold(payload)))
        ranking, out_of_scope = self._rank(text)
        letter = is_letter(text, message.folded.text) and (self._model is None or takes_letters(ranking))
        if letter:
            ranking, out_of_scope = as_letter(ranking), 0.0
        if slot is not None and (names_no_day(message.folded.text) or is_thing_alone(said, entities)):
            ranking = doubted(ranking)
        # A bare «gas» to «¿de qué servicio?» is that answer; danger in words is heard whatever was asked.
        # So do words of command hold against a guess: «se cayó la página» asks for proof of that.
        # And «frente a la escuela» tells where the danger is that the running errand already attends.
        settled = (answer is not None and answer.sure) or is_command(text, message.dialogs) or is_attended(message)
        emergency = detect(text) or ("" if settled else self._guess_danger(text, ranking, entities))
        in_doubt = "" if emergency or settled else doubt(text)
        return replace(
            heard,
            ranking=with_prior(ranking, slot),
            out_of_scope=out_of_scope,
            entities=(*heard.entities, *entities),
            answer=answer,
            payload=payload,
            emergency=emergency,
            correction=correction is not None,
            extra={
                **self._extra(message, said, entities, is_correction=correction is not None, is_letter=letter),
                **({"danger_doubt": in_doubt} if in_doubt else {}),
            },
        )

    def _extra(
        self, message: _Message, said: str, entities: tuple[Entity, ...], *, is_correction: bool, is_letter: bool
    ) -> dict[str, Any]:
        """Return what else the engine may ask for.

        ``core``, the words without courtesy around them; ``bare``, only without greeting and thanks; ``said_no``, for a
        plain no; ``too_long``; ``tipo_documento``
        (CC, CE…); ``clauses``, a ranking for each clause of a message with several; ``answers``, for a correction, the
        message read as a new answer to each slot answered before.
        """
        extra: dict[str, Any] = {}
        if len(message.text.split()) <= _SHORT_SAID:
            extra["core"] = without_courtesy(message.text)
            extra["bare"] = without_manners(message.text)
            if not is_correction and read_yes_no(said) is False:
                extra["said_no"] = True
        if names_no_day(message.folded.text):
            extra["no_such_date"] = True
        if len(message.text) > LONGEST:
            extra["too_long"] = True
        if any(entity.name == "documento" for entity in entities):
            extra["tipo_documento"] = document_kind(message.folded.text)
        # The sentences of a letter are no errands of their own.
        clauses = clauses_of(message.text) if self._model is not None and not is_letter else ()
        late = late_slot(message.conversation, message.dialogs)
        if late is not None and len(said.split()) <= _SHORT_ANSWER:
            answer = self._answer(said, late, message, entities, ())
            if answer is not None and answer.sure:
                extra["late"] = True
        if clauses:
            extra["clauses"] = tuple(self._rank(clause)[0] for clause in clauses)
        if is_correction and message.conversation is not None and message.dialogs is not None:
            extra["answers"] = self._answers_again(message, said)
        return extra

    def _answers_again(self, message: _Message, said: str) -> dict[str, Answer]:
        """Read ``said`` as a new answer to each slot already answered; free texts are never answered twice."""
        found: dict[str, Answer] = {}
        if message.conversation is None or message.dialogs is None:
            return found
        for slot in answered_slots(message.conversation, message.dialogs):
            entity = asked_entity(slot)
            if slot.type in _NEVER_REREAD and entity not in _NAMED_TEXTS:
                continue
            answer = self._answer(said, slot, message, self._entities(said, entity, message.now, 0), ())
            if answer is not None:
                found.setdefault(slot.name, answer)
        return found

    def _answer(
        self, said: str, slot: SlotDef, message: _Message, entities: tuple[Entity, ...], menu: Sequence[Option]
    ) -> Answer | None:
        return read_answer(
            said,
            slot,
            now=message.now,
            options=menu,
            entities=entities,
            gazetteer=self._gazetteer,
            synonyms=self._synonyms,
            account=self._account,
        )

    def _entities(self, text: str, asked: str, now: datetime, start: int) -> tuple[Entity, ...]:
        """Return the entities of ``text``, which begins at ``start`` of the message."""
        found = extract(text, now=now, gazetteer=self._gazetteer, asked=asked, synonyms=self._synonyms)
        if not start:
            return found
        return tuple(replace(entity, start=entity.start + start, end=entity.end + start) for entity in found)

    @property
    def _synonyms(self) -> Mapping[str, str]:
        return self._model.synonyms if self._model is not None else {}

    def _rank(self, text: str) -> tuple[tuple[Intent, ...], float]:
        if self._model is not None:
            return self._model.rank(text)
        ranking = rank_by_keywords(text)
        beyond = next((intent.confidence for intent in ranking if intent.name == _OUT_OF_SCOPE), 0.0)
        return ranking, beyond if ranking else _UNKNOWN

    def _guess_danger(self, text: str, ranking: tuple[Intent, ...], entities: tuple[Entity, ...]) -> str:
        """Name the danger that only the model heard, by the service that is spoken of; empty when it heard none."""
        if self._model is None or not ranking or ranking[0].name != _EMERGENCY:
            return ""
        if not is_believed(text, ranking[0].confidence):
            return ""
        services = [entity.value for entity in entities if entity.name == "servicio"]
        return next((_KIND_BY_SERVICE[service] for service in services if service in _KIND_BY_SERVICE), "vida")
