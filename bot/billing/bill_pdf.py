"""Draws the duplicate of a bill on one letter page, with the standard fonts of PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from bot.billing.bars import amount, bars_of
from bot.kernel.clock import local, local_date
from bot.kernel.printable import ENCODING, printable
from dialogs.filters import dinero, fecha, fecha_hora

if TYPE_CHECKING:
    from bot.billing.rules import BillingRules
    from bot.billing.rules_model import Way
    from dialogs.actions.ports import BillView, Consumption

# Millimetres on a letter page.
_MARGIN: Final = 18.0
_LINE: Final = 5.0
_GAP: Final = 4.0
_LABEL: Final = 36.0
_HALF_GAP: Final = 8.0
_CHART: Final = 26.0
_FONT: Final = "helvetica"
_TEXT: Final = 9.5
_INK, _SOFT, _RULE, _QUIET, _BAR, _NEW = (
    (27, 36, 48), (77, 88, 102), (205, 210, 215), (240, 244, 247), (143, 184, 216), (11, 92, 158),
)  # fmt: skip
_PAGES: Final = "\u00adnb\u00ad"


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who bills: what the head and the foot of the page say."""

    nombre: str
    nit: str
    direccion: str
    linea: str


def draw(
    bill: BillView, used: Sequence[Consumption], *, rules: BillingRules, issuer: Issuer, made_at: datetime
) -> bytes:
    """Return the duplicate as PDF bytes; ``made_at`` (aware) is its only moment, so equal bills give equal bytes."""
    return bytes(_Sheet(bill, used, rules, issuer, made_at).drawn().output())


class _Sheet(FPDF):
    """A letter page: what is owed first and large, then whose it is, what was used, what is charged, how to pay."""

    def __init__(
        self, bill: BillView, used: Sequence[Consumption], rules: BillingRules, issuer: Issuer, made_at: datetime
    ) -> None:
        super().__init__(orientation="portrait", unit="mm", format="letter")
        self.core_fonts_encoding = ENCODING
        self.alias_nb_pages(_PAGES)
        self._bill, self._used, self._issuer, self._made_at = bill, used, issuer, made_at
        self._rules, self._words = rules.bills, rules.bills.duplicado
        self._ways: tuple[Way, ...] = rules.ways(local_date(made_at))
        self.set_creation_date(local(made_at))
        self.set_lang("es-CO")
        self.set_title(_fit(f"{self._words.titulo} {bill.numero}".strip()))
        self.set_author(_fit(issuer.nombre))
        self.set_margins(_MARGIN, _MARGIN, _MARGIN)
        self.set_auto_page_break(auto=True, margin=_MARGIN)
        self.set_draw_color(*_RULE)

    def footer(self) -> None:
        """Write the page number at the foot of each page."""
        self.set_y(-_MARGIN + 5)
        self._style(8, color=_SOFT)
        self.cell(0, _LINE, self._words.pie.format(pagina=self.page_no(), paginas=_PAGES), align="C")

    def drawn(self) -> _Sheet:
        """Draw everything and return the sheet."""
        self.add_page()
        self._head()
        self._owed()
        top = self.get_y()
        half = (self.epw - _HALF_GAP) / 2
        left = self._facts(top, half)
        right = self._consumption(top, _MARGIN + half + _HALF_GAP, half)
        self.set_y(max(left, right) + _GAP)
        self._lines()
        self._how_to_pay()
        self._closing()
        return self

    def _head(self) -> None:
        words, issuer = self._words, self._issuer
        top = self.get_y()
        self._style(12, bold=True)
        self._write(issuer.nombre, self.epw / 2)
        self._style(_TEXT, color=_SOFT)
        self._write(f"{words.nit.format(nit=issuer.nit)}\n{issuer.direccion}", self.epw / 2)
        bottom = self.get_y()
        self.set_xy(_MARGIN + self.epw / 2, top)
        self._style(15, bold=True)
        self.cell(self.epw / 2, 7, _fit(words.titulo), align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_x(_MARGIN + self.epw / 2)
        self._style(_TEXT, color=_SOFT)
        if self._bill.numero:
            self.cell(self.epw / 2, _LINE, _fit(words.numero.format(numero=self._bill.numero)), align="R")
        self.set_y(max(bottom, self.get_y()) + _GAP)

    def _owed(self) -> None:
        bill, words = self._bill, self._words
        top = self.get_y()
        high = 22.0
        self.set_fill_color(*_QUIET)
        self.rect(_MARGIN, top, self.epw, high, style="F", round_corners=True, corner_radius=2.5)
        self.set_xy(_MARGIN + 5, top + 4)
        self._style(_TEXT, color=_SOFT)
        self.cell(60, _LINE, _fit(words.a_pagar))
        self.set_xy(_MARGIN + 5, top + 9.5)
        self._style(20, bold=True)
        self.cell(80, 9, _fit(dinero(bill.saldo)))
        self.set_xy(_MARGIN + 80, top + 4)
        self._style(12, bold=True)
        self.cell(self.epw - 85, 7, _fit(self._state()), align="R")
        if 0 < bill.saldo < bill.total:
            self.set_xy(_MARGIN + 80, top + 12)
            self._style(_TEXT, color=_SOFT)
            paid = words.saldo.format(abonado=dinero(bill.total - bill.saldo), total=dinero(bill.total))
            self.cell(self.epw - 85, _LINE, _fit(paid), align="R")
        self.set_y(top + high + _GAP)

    def _state(self) -> str:
        bill, words = self._bill, self._words
        if bill.saldo:
            is_late = bill.vence_on < local_date(self._made_at)
            return (words.vencida if is_late else words.pagar_hasta).format(fecha=fecha(bill.vence_on))
        return words.pagada.format(fecha=fecha(bill.pagada_on)) if bill.pagada_on else words.pagada_sin_fecha

    def _facts(self, top: float, wide: float) -> float:
        bill, words = self._bill, self._words
        service = next((name for key, name in self._rules.servicios.items() if key == bill.servicio), bill.servicio)
        stratum = words.estrato_valor.format(estrato=bill.estrato, uso=bill.uso) if bill.estrato else bill.uso
        rows = [
            (words.titular, bill.titular),
            (words.direccion, bill.direccion),
            (words.cuenta, bill.cuenta),
            (words.estrato, stratum),
            (words.servicio, service.capitalize()),
            (words.periodo, words.periodo_valor.format(periodo=fecha(bill.periodo))),
            (words.emitida, fecha(bill.emitida_on)),
        ]
        return self._table(words.datos, [row for row in rows if row[1]], top, _MARGIN, wide)

    def _consumption(self, top: float, left: float, wide: float) -> float:
        used, words = self._bill.consumo, self._words
        if used is None:
            return top
        unit = next((name for key, name in self._rules.unidades.items() if key == used.unidad), used.unidad)
        read = [
            (words.lectura_anterior, used.lectura_anterior),
            (words.lectura_actual, used.lectura_actual),
        ]
        days = words.dias.format(dias=used.dias) if used.dias else ""
        between = _between(words.entre, used.desde_on, used.hasta_on)
        if used.causa:
            read = [(label, number) for label, number in read if number is not None]
        rows = [(label, words.sin_lectura if number is None else amount(number)) for label, number in read]
        rows.append((words.cantidad, f"{amount(used.cantidad)} {unit}"))
        rows += [("", text) for text in (f"{between} ({days})" if between and days else between or days,) if text]
        rows += [(words.causa, used.causa)] if used.causa else []
        bottom = self._table(words.consumo, rows, top, left, wide)
        return self._chart(bottom + 1, left, wide) if len(self._used) > 1 else bottom

    def _chart(self, top: float, left: float, wide: float) -> float:
        bars = bars_of(self._used)
        self.set_xy(left, top)
        self._style(8.5, color=_SOFT)
        self.cell(wide, _LINE, _fit(self._words.ultimos))
        base = top + _LINE + 4 + _CHART
        step = wide / len(bars)
        for place, bar in enumerate(bars):
            high = max(bar.height * (_CHART - 4), 0.2)
            self.set_fill_color(*(_NEW if place == len(bars) - 1 else _BAR))
            self.rect(left + place * step + step * 0.2, base - high, step * 0.6, high, style="F")
            for text, place_y in (
                (bar.value + ("*" if bar.is_estimated else ""), base - high - 4.2),
                (bar.label, base + 0.6),
            ):
                self.set_xy(left + place * step - 2, place_y)
                self._style(8)
                self.cell(step + 4, 4, _fit(text), align="C")
        self.line(left, base, left + wide, base)
        bottom = base + 5
        if any(bar.is_estimated for bar in bars):
            self.set_xy(left, bottom)
            self._style(8, color=_SOFT)
            self.cell(wide, 4, _fit(f"* {self._words.causa}"))
            bottom += 4
        return bottom

    def _lines(self) -> None:
        bill, words = self._bill, self._words
        if not bill.lineas:
            return
        self._section(words.detalle)
        for line in bill.lineas:
            self._style(_TEXT)
            self.cell(self.epw - 40, _LINE + 0.6, _fit(line.concepto))
            self.cell(40, _LINE + 0.6, _fit(dinero(line.valor)), align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            self.line(_MARGIN, self.get_y(), _MARGIN + self.epw, self.get_y())
        self._style(11, bold=True)
        self.cell(self.epw - 40, 8, _fit(words.total))
        self.cell(40, 8, _fit(dinero(bill.total)), align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        if any(line.valor < 0 for line in bill.lineas):
            self._style(8.5, color=_SOFT)
            self._write(words.subsidio, self.epw)
        self.ln(_GAP)

    def _how_to_pay(self) -> None:
        if not self._bill.saldo or not self._ways:
            return
        self._section(self._words.medios)
        for way in self._ways:
            self._style(_TEXT)
            told = f"**{way.nombre}.** {way.detalle}" + (f". {way.url}" if way.url else "")
            self._write(told, self.epw, has_bold=True)
            self.ln(0.6)
        self.ln(_GAP / 2)

    def _closing(self) -> None:
        self._style(_TEXT)
        self._write(self._words.reclamo, self.epw)
        self.ln(1)
        self._style(8.5, color=_SOFT)
        made = self._words.hecho.format(
            fecha=fecha_hora(self._made_at), empresa=self._issuer.nombre, linea=self._issuer.linea
        )
        self._write(made, self.epw)

    def _table(self, title: str, rows: Sequence[tuple[str, str]], top: float, left: float, wide: float) -> float:
        """Write rows of label and value in a column of the page and return where they end."""
        self.set_xy(left, top)
        self._style(11, bold=True)
        self.cell(wide, 7, _fit(title))
        height = top + 8
        for label, value in rows:
            self.set_xy(left, height)
            self._style(_TEXT, color=_SOFT)
            self.cell(_LABEL, _LINE, _fit(label))
            self.set_xy(left + _LABEL, height)
            self._style(_TEXT)
            self.multi_cell(wide - _LABEL, _LINE, _fit(value), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            height = self.get_y() + 0.6
        return height

    def _section(self, title: str) -> None:
        if self.will_page_break(_LINE * 4):
            self.add_page()
        self._style(11, bold=True)
        self._write(title, self.epw)
        self.ln(1)

    def _write(self, text: str, width: float, *, has_bold: bool = False) -> None:
        self.multi_cell(width, _LINE, _fit(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT, markdown=has_bold)

    def _style(self, size: float, *, bold: bool = False, color: tuple[int, int, int] = _INK) -> None:
        self.set_font(_FONT, "B" if bold else "", size)
        self.set_text_color(*color)


def _between(words: str, since: date | None, until: date | None) -> str:
    return words.format(desde=_short(since), hasta=_short(until)) if since and until else ""


def _short(day: date) -> str:
    """``2026-10-05`` → ``5 oct 2026``."""
    return f"{day.day} {fecha(f'{day:%Y-%m}')[:3]} {day.year}"


def _fit(text: str) -> Any:
    return printable(text)[0]
