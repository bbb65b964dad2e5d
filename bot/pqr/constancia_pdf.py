"""Draws a constancia with the standard fonts of PDF, so that no font travels with it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from bot.kernel.clock import local
from bot.kernel.printable import ENCODING, printable
from bot.pqr.catalog_constancia import DocumentWords
from bot.pqr.constancia import Sheet

# Millimetres on a letter page.
_MARGIN: Final = 18.0
_QR_SIDE: Final = 34.0
_LABEL_WIDTH: Final = 52.0
_LINE: Final = 4.6
_GAP: Final = 3.0
#: Characters of the person's text that are printed, so that no constancia passes 60 kB; the case keeps the whole.
_MOST_PRINTED: Final = 16_000
_MOST_LINES: Final = 500
_EMPTY_LINES: Final = re.compile(r"\n(?:[ \u00a0]*\n){2,}")
#: Stands for the number of pages until it is known; a person's text cannot hold it, see ``printable``.
_PAGES: Final = "\u00adnb\u00ad"
_FONT: Final = "helvetica"
_TEXT_SIZE: Final = 9.5
_INK: Final = (33, 37, 41)
_SOFT: Final = (95, 102, 109)
_RULE: Final = (205, 210, 215)
_QUIET: Final = (246, 247, 248)


def draw(page: Sheet, *, words: DocumentWords, made_at: datetime) -> bytes:
    """Return ``page`` as PDF bytes; ``made_at`` (aware) is the only date in it, so equal cases give equal bytes."""
    return bytes(_Paper(page, words, made_at).drawn().output())


class _Paper(FPDF):
    """A letter page with our header of facts and our footer."""

    def __init__(self, page: Sheet, words: DocumentWords, made_at: datetime) -> None:
        super().__init__(orientation="portrait", unit="mm", format="letter")
        self.core_fonts_encoding = ENCODING
        self.alias_nb_pages(_PAGES)
        self._page, self._words, self._lost = page, words, False
        self.set_creation_date(local(made_at))
        self.set_lang("es-CO")
        self.set_title(self._fit(f"{page.title} {page.radicado}"))
        self.set_author(self._fit(page.company))
        self.set_margins(_MARGIN, _MARGIN, _MARGIN)
        self.set_auto_page_break(auto=True, margin=_MARGIN)
        self.set_text_color(*_INK)
        self.set_draw_color(*_RULE)

    def footer(self) -> None:
        """Write the page number at the foot of each page."""
        self.set_y(-_MARGIN + 4)
        self._style(8, color=_SOFT)
        text = self._words.pie.format(pagina=self.page_no(), paginas=_PAGES)
        self.cell(0, _LINE, f"{self._page.radicado} · {text}", align="C")

    def drawn(self) -> _Paper:
        """Draw everything and return the paper."""
        self.add_page()
        self._head()
        for label, value in self._page.rows:
            self._row(label, value)
        self.ln(_GAP)
        self._quote(self._words.relato, self._page.relato)
        if self._page.pretension:
            self._quote(self._words.pretension, self._page.pretension)
        for note in self._page.notes:
            self._paragraph(note)
        if self._lost:
            self._paragraph(self._words.simbolos, size=8.5, color=_SOFT)
        self._section(self._words.consulta.titulo, self._page.query)
        self._section(self._words.derechos.titulo, self._page.rights)
        return self

    def _head(self) -> None:
        top = self.get_y()
        wide = self.epw - (_QR_SIDE + 6 if self._page.url else 0)
        self._style(10, color=_SOFT)
        self._write(self._page.company, wide)
        self._write(self._page.address, wide)
        self.ln(_GAP)
        self._style(17, bold=True)
        self._write(self._page.title, wide, line=8)
        self._style(14, bold=True)
        self._write(self._page.radicado, wide, line=7)
        bottom = self.get_y()
        if self._page.url:
            bottom = max(bottom, self._qr(self.w - _MARGIN - _QR_SIDE, top))
        self.set_y(bottom + _GAP)
        self.line(_MARGIN, self.get_y(), self.w - _MARGIN, self.get_y())
        self.ln(_GAP)

    def _qr(self, left: float, top: float) -> float:
        """Draw the QR of the page's address as black bars and return where what stands under it ends."""
        import segno

        symbol = segno.make(self._page.url, error="m", micro=False)
        rows = [list(row) for row in symbol.matrix_iter(scale=1, border=0)]
        side = _QR_SIDE / len(rows)
        self.set_fill_color(0, 0, 0)
        for number, row in enumerate(rows):
            start = None
            for column, dark in enumerate([*row, 0]):
                if dark and start is None:
                    start = column
                elif not dark and start is not None:
                    # A hair over the edge, so that no white line shows between rows.
                    self.rect(left + start * side, top + number * side, (column - start) * side, side + 0.02, style="F")
                    start = None
        self.set_xy(left - 4, top + _QR_SIDE + 1.5)
        self._style(7, color=_SOFT)
        for text in (self._words.consulta.qr, self._words.consulta.cuidado):
            self.set_x(left - 4)
            self._write(text, _QR_SIDE + 4, line=3, align="R")
        return float(self.get_y())

    def _row(self, label: str, value: str) -> None:
        shown = self._fit(value)
        self._style(_TEXT_SIZE)
        lines = self.multi_cell(self.epw - _LABEL_WIDTH, _LINE, shown, dry_run=True, output="LINES")
        if isinstance(lines, list) and self.will_page_break(_LINE * min(len(lines), 4)):
            self.add_page()
        self._style(_TEXT_SIZE, color=_SOFT)
        top = self.get_y()
        self.cell(_LABEL_WIDTH, _LINE, self._fit(label))
        self.set_xy(_MARGIN + _LABEL_WIDTH, top)
        self._style(_TEXT_SIZE)
        self.multi_cell(self.epw - _LABEL_WIDTH, _LINE, shown, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(0.8)

    def _quote(self, title: str, text: str) -> None:
        if self.will_page_break(_LINE * 4):
            self.add_page()
        self._style(_TEXT_SIZE, bold=True)
        self._write(title, self.epw)
        self.ln(0.6)
        self._style(_TEXT_SIZE)
        self.set_fill_color(*_QUIET)
        shown = _EMPTY_LINES.sub("\n\n", self._fit(text))
        part = "\n".join(shown[:_MOST_PRINTED].split("\n")[:_MOST_LINES])
        if part != shown:
            shown = f"{part}\n\n{self._words.recortado.format(total=len(text))}"
        self.multi_cell(self.epw, _LINE, shown, align="L", fill=True, padding=2, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(_GAP)

    def _paragraph(self, text: str, *, size: float = _TEXT_SIZE, color: tuple[int, int, int] = _INK) -> None:
        self._style(size, color=color)
        self._write(text, self.epw)
        self.ln(_GAP / 2)

    def _section(self, title: str, paragraphs: tuple[str, ...]) -> None:
        if self.will_page_break(_LINE * 4):
            self.add_page()
        self.ln(_GAP / 2)
        self._style(_TEXT_SIZE, bold=True)
        self._write(title, self.epw)
        self._style(_TEXT_SIZE)
        for text in paragraphs:
            self._write(text, self.epw)

    def _write(self, text: str, width: float, *, line: float = _LINE, align: str = "L") -> None:
        self.multi_cell(width, line, self._fit(text), align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _style(self, size: float, *, bold: bool = False, color: tuple[int, int, int] = _INK) -> None:
        self.set_font(_FONT, "B" if bold else "", size)
        self.set_text_color(*color)

    def _fit(self, text: str) -> Any:
        shown, lost = printable(text, self._words.simbolo_repetido)
        self._lost = self._lost or lost
        return shown
