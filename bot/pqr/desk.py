"""The PQR desk: the law, the company and the calendar as one turn needs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from bot.pqr import code, filing, own
from bot.pqr.constancia import notes, payment
from bot.pqr.request import Filing

if TYPE_CHECKING:
    from bot.kernel.config import Settings
    from bot.kernel.ids import Ids
    from bot.pqr.filing import Filed
    from bot.pqr.law import Law
    from dialogs.actions.ports import OfficeView
    from storage.crypto import Keyring
    from storage.uow import UnitOfWork


class Hours(Protocol):
    """Knows when the offices attend."""

    def at(self, moment: datetime) -> OfficeView:
        """Tell whether somebody attends at ``moment`` (aware) and when the next opening is."""
        ...


class Desk:
    """What the host's turn asks of the PQR part; it holds no state and writes only through the unit of work it is given."""

    def __init__(
        self, law: Law, settings: Settings, hours: Hours, *, keyring: Keyring, terms: Mapping[str, Any]
    ) -> None:
        """Take the law, the settings, the hours of attention, the keys of the house and the terms that wording names."""
        self.law = law
        self.company: Mapping[str, Any] = settings.empresa.model_dump(mode="json")
        lines = settings.empresa.lineas.model_dump()
        telegram = settings.canales.telegram
        dangers = law.catalog.emergencies
        #: What every wording may name besides what the talk knows.
        self.known: Mapping[str, Any] = {
            "empresa": self.company,
            "plazos": terms,
            "identidad": settings.identidad.model_dump(),
            "archivo_max_mb": settings.server.max_upload_bytes // 1_000_000,
            # Where else a person may go on; who says so knows on which channel it is said.
            "canal": "",
            "enlaces": {"telegram": f"https://t.me/{telegram.usuario}" if telegram.activo and telegram.usuario else ""},
            "retomar_dias": settings.dialogos.retomar_dias,
            "emergencias": {
                kind: {"texto": dangers.text(kind, lines), "pregunta": entry.pregunta}
                for kind, entry in dangers.emergencias.items()
            },
        }
        self._hours = hours
        self._keyring = keyring

    def file(
        self,
        uow: UnitOfWork,
        data: Mapping[str, Any],
        *,
        conversation_id: str,
        canal: str,
        recibido_at: datetime,
        now: datetime,
        ids: Ids,
    ) -> Filed:
        """File the fact ``PqrFiled`` inside the transaction; see ``bot.pqr.filing.file``."""
        request = Filing.from_fact(data, conversation_id=conversation_id, canal=canal, recibido_at=recibido_at)
        return filing.file(uow, request, now=now, ids=ids, law=self.law)

    def told(self, uow: UnitOfWork, caso_id: str) -> Mapping[str, Any]:
        """Return what the person who filed a case is told of it besides its number.

        ``tipo_radicado``: as what it was filed; ``notas``: what its flags mean, in their words; ``pago_explicado``:
        what must not be paid meanwhile and what must, or an empty text.
        """
        record = uow.cases.get(caso_id)
        if record is None:
            return {"tipo_radicado": None, "notas": [], "pago_explicado": ""}
        return {
            "tipo_radicado": record.tipo,
            "notas": notes(record, self.law),
            "pago_explicado": payment(record, self.law),
        }

    def add_to(
        self, uow: UnitOfWork, case_id: str, text: str, files: Sequence[str], *, conversation_id: str, at: datetime
    ) -> Mapping[str, Any]:
        """Keep what a person adds to a case; tell ``ampliado`` and, when the clock runs again, the new ``vence_on``."""
        added = own.add(uow, case_id, text, files, conversation_id=conversation_id, at=at, law=self.law)
        if added is None:
            return {"ampliado": "tarde"}
        due_on = self.law.promised_on(added.case).isoformat()
        return {"ampliado": "reanudado" if added.resumed else "si", "fecha_limite": due_on}

    def office(self, moment: datetime) -> OfficeView:
        """Tell whether somebody attends at ``moment`` (aware) and when the next opening is."""
        return self._hours.at(moment)

    def code_of(self, caso_id: str) -> str:
        """Return the secret code of a case, to draw its constancia again."""
        return code.code_of(self._keyring, caso_id)
