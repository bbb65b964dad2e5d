"""A small world for the tests of understanding: slots of every type, a frozen moment, a menu."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.kernel.clock import BOGOTA
from bot.nlu.understand import Understanding
from dialogs.engine.conversation import Conversation, Frame
from dialogs.engine.flow import Dialogs, Domain, SlotDef, SlotMapping
from dialogs.engine.heard import Heard

#: A Wednesday morning in Bogotá.
NOW = datetime(2026, 3, 18, 10, 30, tzinfo=BOGOTA)


@dataclass(frozen=True)
class Option:
    label: str
    payload: str


def _mapped(entity: str) -> tuple[SlotMapping, ...]:
    return (SlotMapping("from_entity", entity=entity),)


SLOTS = {
    slot.name: slot
    for slot in (
        SlotDef("confirma", "bool"),
        SlotDef(
            "servicio",
            "categorical",
            ("agua", "alcantarillado", "aseo", "energia", "gas"),
            mappings=_mapped("servicio"),
        ),
        SlotDef("tipo_pqr", "categorical", ("peticion", "queja", "reclamo", "recurso")),
        SlotDef("decision", "categorical", ("acepto", "no_acepto", "ver_politica")),
        SlotDef("cuenta", "account", mappings=_mapped("cuenta")),
        SlotDef("valor", "money"),
        SlotDef("dia", "date"),
        SlotDef("momento", "datetime"),
        SlotDef("telefono", "phone"),
        SlotDef("documento", "document", mappings=_mapped("documento")),
        SlotDef("nombre", "text", mappings=_mapped("nombre")),
        SlotDef("correo", "text", mappings=_mapped("correo")),
        SlotDef("relato", "text"),
        SlotDef("cuotas", "float", mappings=_mapped("cuotas")),
        SlotDef("radicado", "text", mappings=_mapped("radicado")),
        SlotDef("nota", "float", min_value=1, max_value=5),
        SlotDef("lugar", "address"),
        SlotDef("barrio", "text", mappings=_mapped("sector")),
        SlotDef("punto", "location"),
        SlotDef("anexos", "media"),
    )
}
DIALOGS = Dialogs({}, Domain(slots=SLOTS))


def talk(asked: str = "", *, filled: tuple[str, ...] = ()) -> Conversation:
    """A conversation that waits for ``asked`` and has answered ``filled``."""
    return Conversation("c1", stack=(Frame("errand", "1", "step", filled=filled),), asked=asked)


def hear(
    text: str, asked: str = "", *, understanding: Understanding | None = None, filled: tuple[str, ...] = (), **more
) -> Heard:
    """What a person without a model is heard to say."""
    return (understanding or Understanding()).hear(
        text, now=NOW, conversation=talk(asked, filled=filled), dialogs=DIALOGS, **more
    )


def answer_to(asked: str, text: str, **more):
    """The value of the answer, or None."""
    answer = hear(text, asked, **more).answer
    return None if answer is None else answer.value
