"""The three kinds of file: their columns, and how a line becomes a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.billing.importing import values as read
from storage.repos.customers import AccountRecord, BillRecord
from storage.repos.payments import PaymentRecord

if TYPE_CHECKING:
    from bot.billing.importing.values import Reader
    from storage.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its reader, and whether it is needed, or personal (its values never reach a report)."""

    read: Reader
    needed: bool = False
    personal: bool = False


class Bad(ValueError):
    """A line that is not acceptable: which column, and why."""

    def __init__(self, column: str, reason: str) -> None:
        self.column = column
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of file.

    ``make`` turns the values of a line into a record, or raises ``Bad``. ``key`` is what may stand once in a file.
    ``write`` puts records into the tables. ``needs_account`` says that ``cuenta`` must be known already.
    """

    name: str
    columns: Mapping[str, Column]
    make: Callable[[Mapping[str, Any]], Any]
    key: Callable[[Mapping[str, Any]], str]
    write: Callable[[UnitOfWork, Sequence[Any], datetime], None]
    needs_account: bool = True


def _account(cells: Mapping[str, Any]) -> tuple[AccountRecord, str | None]:
    given = {name: cells[name] for name in AccountRecord.__dataclass_fields__ if cells.get(name) is not None}
    return AccountRecord(**given), cells.get("documento")


def _bill(cells: Mapping[str, Any]) -> BillRecord:
    if cells["vence_on"] < cells["emitida_on"]:
        raise Bad("vence_on", "vence antes de emitida")
    if cells.get("pagada_on") is not None and cells["pagada_on"] < cells["emitida_on"]:
        raise Bad("pagada_on", "pagada antes de emitida")
    listed = cells.get("lineas") or []
    if listed and sum(line["valor"] for line in listed) != cells["total"]:
        raise Bad("lineas", "las líneas no suman el total")
    detail: dict[str, Any] = {"lineas": listed} if listed else {}
    if cells.get("consumo") is not None:
        detail["consumo"] = _consumption(cells)
    return BillRecord(
        cuenta=cells["cuenta"],
        servicio=cells["servicio"],
        periodo=cells["periodo"],
        numero=cells.get("numero"),
        emitida_on=cells["emitida_on"],
        vence_on=cells["vence_on"],
        total=cells["total"],
        pagada=cells.get("pagada_on") is not None,
        pagada_on=cells.get("pagada_on"),
        abonado=cells["total"] if cells.get("pagada_on") is not None else 0,
        detalle=detail,
    )


def _consumption(cells: Mapping[str, Any]) -> dict[str, Any]:
    before, now = cells.get("lectura_anterior"), cells.get("lectura_actual")
    if before is not None and now is not None and float(now) < float(before):
        raise Bad("lectura_actual", "es menor que la lectura anterior")
    since, until = cells.get("desde_on"), cells.get("hasta_on")
    if since and until and until < since:
        raise Bad("hasta_on", "es antes de desde_on")
    unit = cells.get("unidad") or ("kWh" if cells["servicio"] == "energia" else "m3")
    named = ("dias", "lectura_anterior", "lectura_actual", "causa")
    return {
        "cantidad": cells["consumo"],
        "unidad": unit,
        **{name: cells[name] for name in named if cells.get(name) is not None},
        **{name: cells[name].isoformat() for name in ("desde_on", "hasta_on") if cells.get(name)},
    }


def _payment(cells: Mapping[str, Any]) -> PaymentRecord:
    return PaymentRecord(
        referencia=cells["referencia"],
        cuenta=cells["cuenta"],
        pagada_on=cells["fecha"],
        valor=cells["valor"],
        numero=cells.get("factura"),
        lugar=cells.get("lugar"),
    )


def _write_customers(uow: UnitOfWork, records: Sequence[Any], _now: datetime) -> None:
    uow.customers.add_accounts(records)


def _write_bills(uow: UnitOfWork, records: Sequence[Any], _now: datetime) -> None:
    uow.customers.add_bills(records, keep_payments=True)


def _write_payments(uow: UnitOfWork, records: Sequence[Any], now: datetime) -> None:
    uow.payments.receive(records, now)


SHAPES: Mapping[str, Shape] = {
    "customers": Shape(
        "customers",
        {
            "cuenta": Column(read.digits, needed=True),
            "servicios": Column(read.services, needed=True),
            "titular": Column(read.text, needed=True, personal=True),
            "direccion": Column(read.text, needed=True, personal=True),
            "uso": Column(read.text, needed=True),
            "documento": Column(read.identity, personal=True),
            "barrio": Column(read.text),
            "municipio": Column(read.text),
            "sector": Column(read.text),
            "estrato": Column(read.stratum),
            "estado": Column(read.state),
            "telefono": Column(read.mobile, personal=True),
            "correo": Column(read.mail, personal=True),
        },
        _account,
        lambda cells: str(cells["cuenta"]),
        _write_customers,
        needs_account=False,
    ),
    "bills": Shape(
        "bills",
        {
            "cuenta": Column(read.digits, needed=True),
            "servicio": Column(read.service, needed=True),
            "periodo": Column(read.period, needed=True),
            "emitida_on": Column(read.day, needed=True),
            "vence_on": Column(read.day, needed=True),
            "total": Column(read.owed, needed=True),
            "numero": Column(read.text),
            "pagada_on": Column(read.day),
            "consumo": Column(read.quantity),
            "unidad": Column(read.unit),
            "dias": Column(read.days),
            "desde_on": Column(read.day),
            "hasta_on": Column(read.day),
            "lectura_anterior": Column(read.quantity),
            "lectura_actual": Column(read.quantity),
            "causa": Column(read.text),
            "lineas": Column(read.lines),
        },
        _bill,
        lambda cells: f"{cells['cuenta']} {cells['servicio']} {cells['periodo']}",
        _write_bills,
    ),
    "payments": Shape(
        "payments",
        {
            "referencia": Column(read.text, needed=True),
            "cuenta": Column(read.digits, needed=True),
            "fecha": Column(read.day, needed=True),
            "valor": Column(read.paid, needed=True),
            "factura": Column(read.text),
            "lugar": Column(read.text),
        },
        _payment,
        lambda cells: str(cells["referencia"]),
        _write_payments,
    ),
}
