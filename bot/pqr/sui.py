"""The detail code for the SUI that the words of a person suggest (§1.8); staff confirm it, people never see it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from bot.pqr.errors import UnknownKind
from dialogs.engine.slots import plain

if TYPE_CHECKING:
    from datetime import datetime

    from bot.pqr.catalog import Catalog
    from bot.pqr.lifecycle import Actor
    from storage.repos.cases import CaseEvent, CaseRecord
    from storage.uow import UnitOfWork

CONFIRMED: Final = "sui"
#: A letter says what it is about in its first page.
_READ: Final = 4_000


def suggest(words: str, catalog: Catalog) -> int | None:
    """Return the code of the first rule of the catalog that ``words`` fulfil, or None."""
    said = plain(words[:_READ])
    for rule in catalog.sui.sugerencias:
        if _pattern(rule.palabras).search(said) and (not rule.y or _pattern(rule.y).search(said)):
            return rule.codigo
    return None


def text_of(code: int | None, catalog: Catalog) -> str:
    """Return ``102 F Inconformidad con…`` for staff, or an empty text; a code without a verified text says so."""
    detail = catalog.sui.detalles.get(code) if code is not None else None
    if detail is None:
        return f"{code} sin texto verificado" if code in catalog.sui.sin_texto_verificado else ""
    return f"{code} {detail.grupo} {detail.texto}"


def confirm(uow: UnitOfWork, case: CaseRecord, code: int, *, at: datetime, actor: Actor, catalog: Catalog) -> None:
    """Keep the code that staff decided on; the newest one counts.

    Raises:
        UnknownKind: the catalog has no such code.
    """
    if code not in catalog.sui.detalles and code not in catalog.sui.sin_texto_verificado:
        known = ", ".join(str(one) for one in sorted(catalog.sui.detalles))
        message = f"there is no SUI code {code}; known: {known}"
        raise UnknownKind(message)
    data: dict[str, Any] = {"detalle": code, "sugerido": case.datos.get("sui_detalle"), "version": catalog.sui.version}
    uow.cases.add_event(case.id, at, CONFIRMED, actor.label, data)


def confirmed(events: list[CaseEvent]) -> int | None:
    """Return the code that staff confirmed last, or None."""
    codes = [event.data.get("detalle") for event in events if event.kind == CONFIRMED]
    return int(codes[-1]) if codes and codes[-1] is not None else None


@lru_cache(maxsize=256)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)
