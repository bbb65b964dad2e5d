"""Read every typed thing in a message: each reader takes its places, the surest first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.kernel.clock import local
from bot.nlu.entities import correo, cuotas, dinero, direccion, dudas, fecha, nombre, numeros, sector, servicio
from bot.nlu.entities.found import Lean, Reading
from bot.nlu.normalise import Folded, fold
from dialogs.engine.heard import Entity

#: The names of everything that can be found. ``punto`` is a pin; ``respuesta`` and ``cuando`` are never found, they
#: say how a slot is answered: with a yes, a no, or words that an action understands; with a day, or words like «el
#: primero que tenga».
ENTITIES = (
    "radicado", "cuenta", "servicio", "sector", "direccion", "fecha", "dinero", "cuotas", "documento", "telefono",
    "correo", "nombre", "punto", "respuesta", "cuando",
)  # fmt: skip


def extract(
    text: str,
    *,
    now: datetime,
    gazetteer: sector.Gazetteer | None = None,
    asked: str = "",
    lean: Lean = "",
    folded: Folded | None = None,
    synonyms: Mapping[str, str] | None = None,
) -> tuple[Entity, ...]:
    """Return the entities of ``text`` in the order in which they were said.

    Args:
        text: what the person wrote; at most ``normalise.LONGEST`` characters are read.
        now: the present moment (aware), to which "anoche" and "en quince días" relate.
        gazetteer: names of sectors, or None.
        asked: the entity that was just asked for: it decides what a bare number is.
        lean: whether dates without a year or week are rather past or future; empty lets the words decide.
        folded: ``fold(text)`` when it is at hand.
        synonyms: squeezed phrase → canonical value, from the language data; those of services are recognised.
    """
    reading = Reading(text, folded or fold(text), local(now), asked, lean)
    correo.read(reading)
    numeros.read(reading, surest=True)
    direccion.read(reading)
    # The question decides what "1.098.765.432" is, before money can claim it.
    is_number_asked = asked in numeros.NAMES
    if not is_number_asked:
        dinero.read(reading)
    cuotas.read(reading)
    fecha.read(reading)
    numeros.read(reading)
    if is_number_asked:
        dinero.read(reading)
    dudas.read(reading)
    nombre.read(reading)
    sector.read(reading, gazetteer)
    servicio.read(reading, synonyms or {})
    return tuple(sorted(reading.found, key=lambda entity: entity.start))
