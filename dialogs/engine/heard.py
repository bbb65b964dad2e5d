"""What was heard in one message, before anybody decides what it means for the talk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Intent:
    """A guess at what the person wants, with a calibrated confidence in [0, 1]."""

    name: str
    confidence: float


#: The role of an entity that is not named: a thing that belongs to it is.
BY_ITS_THING = "por_la_cosa"


@dataclass(frozen=True, slots=True)
class Entity:
    """A typed thing found in the text; ``start`` and ``end`` are character offsets, ``value`` is normalised.

    ``role`` says that it is heard but not to be taken for an answer: "dudoso" (a guess, to be asked for), "otra_persona"
    (the name of somebody who is spoken of), "a_medias" (a street without a house). ``BY_ITS_THING`` says that a thing
    was named that belongs to it ("el sumidero"), and that answers as well as its name.
    """

    name: str
    value: Any
    start: int
    end: int
    text: str = ""
    role: str = ""

    @property
    def fills(self) -> bool:
        """Whether it may fill a slot."""
        return self.role in {"", BY_ITS_THING}


@dataclass(frozen=True, slots=True)
class Answer:
    """The message read as an answer to the question that was asked.

    ``value`` is typed for the slot. ``sure`` is true when nothing else can have been meant (a number for a numbered
    menu, "sí", a date); false when any text would have done (a free description).
    """

    value: Any
    sure: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """One message, understood as far as it can be without knowing what to do about it.

    ``ranking`` is best first. ``out_of_scope`` is a probability in [0, 1]. ``payload`` is the meaning of a pressed
    button (``/intent{…}``, ``/SetSlots(…)`` or text). ``stale`` says the button belongs to an older menu. ``media``
    are documents ``{"file_id", "kind", "mime", "name"}``. ``emergency`` is the kind of danger, or empty.
    ``correction`` says that the person takes something back ("no, perdón, es 45").
    """

    text: str = ""
    ranking: tuple[Intent, ...] = ()
    out_of_scope: float = 0.0
    entities: tuple[Entity, ...] = ()
    answer: Answer | None = None
    payload: str = ""
    stale: bool = False
    media: tuple[Mapping[str, Any], ...] = ()
    point: tuple[float, float] | None = None
    emergency: str = ""
    correction: bool = False
    unsupported: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)
