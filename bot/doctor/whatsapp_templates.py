"""The templates of the catalog, which notices need after 24 hours, against those that Meta has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import httpx

from bot.channels.templates import load
from bot.channels.whatsapp.approval import TemplatesRefused, look
from bot.channels.whatsapp.client import CloudApi
from bot.doctor.findings import counted, quoted
from bot.doctor.wire import NoReply, why

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.channels.whatsapp.approval import Line
    from bot.doctor.findings import Notes
    from bot.doctor.graph import Graph

_FINE: Final = frozenset({"APPROVED", "PENDING", "IN_APPEAL"})
_SHOWN = 3


async def look_at_templates(graph: Graph, notes: Notes, account: str) -> None:
    """Compare; ``account`` is what Meta says the number belongs to, or empty.

    Raises:
        NoReply: Meta cannot be reached.
    """
    settings = graph.patient.settings
    asked = settings.canales.whatsapp
    if account and asked.cuenta_id and asked.cuenta_id != account:
        text = f"cuenta_id es {asked.cuenta_id}, y el número es de la cuenta {account}"
        notes.fault("cuenta", text, "corrija canales.whatsapp.cuenta_id")
    elif not asked.cuenta_id:
        notes.warn(
            "cuenta", "falta cuenta_id: no se pueden crear las plantillas", f'canales.whatsapp.cuenta_id: "{account}"'
        )
    chosen = account or asked.cuenta_id
    if not chosen:
        return
    wire = graph.patient.wire
    api = CloudApi(
        url=asked.url,
        version=asked.version,
        number_id=asked.numero_id,
        token=graph.token,
        read_timeout_s=wire.deadline_s,
        transport=wire.mounted(asked.url),
    )
    catalog = load(settings.dialogos.carpeta / "catalog")
    try:
        lines = [one async for one in look(api, chosen, catalog, asked.idioma, create=False) if one.is_ours]
    except TemplatesRefused as error:
        notes.warn(
            "plantillas", f"Meta no las muestra: {quoted(error)}", "el token necesita whatsapp_business_management"
        )
        return
    except httpx.HTTPError as error:
        raise NoReply(why(error, wire.deadline_s)) from None
    finally:
        await api.close()
    _say(notes, lines)


def _say(notes: Notes, lines: Sequence[Line]) -> None:
    there = [line for line in lines if line.state]
    bad = [f"{line.name} ({line.state.lower()})" for line in there if line.state not in _FINE]
    other = [f"{line.name} ({', '.join(line.differs)})" for line in there if line.differs]
    missing = len(lines) - len(there)
    if bad:
        notes.warn("plantillas", f"no se pueden usar: {_few(bad)}", "WhatsApp Manager → Message templates dice por qué")
    if other:
        text = f"en Meta son distintas: {_few(other)}"
        notes.warn("plantillas", text, "escríbalas con otro nombre y haga atiende whatsapp templates sync")
    if missing:
        text = f"faltan {missing} de {len(lines)}: pasadas 24 horas esos avisos no salen"
        notes.warn("plantillas", text, "atiende whatsapp templates sync, y espere la aprobación")
    if not bad and not other and not missing:
        waiting = sum(line.state != "APPROVED" for line in lines)
        text = counted(len(lines) - waiting, "aprobada")
        notes.ok("plantillas", f"{text}, {waiting} en revisión" if waiting else text)


def _few(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" y {more} más" if more > 0 else "")
