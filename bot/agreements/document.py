"""The agreement as a PDF: its facts, every instalment, the text as it was accepted and the proof of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace

from bot.agreements.text import percent
from bot.agreements.words import of_settings
from bot.kernel.clock import local
from bot.kernel.printable import ENCODING, printable
from dialogs.filters import dinero, fecha, fecha_hora

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.agreements.words import AgreementWords
    from bot.kernel.config import Settings
    from bot.kernel.config_company import Empresa
    from storage.repos.agreements import Acceptance, AgreementRecord, InstalmentRecord

# Millimetres on a letter page.
_MARGIN: Final = 18.0
_LABEL_WIDTH: Final = 48.0
_LINE: Final = 4.6
_GAP: Final = 3.0
_PAGES: Final = "\u00adnb\u00ad"
_FONT: Final = "helvetica"
_TEXT_SIZE: Final = 9.5
_SMALL: Final = 8.5
_INK: Final = (33, 37, 41)
_SOFT: Final = (95, 102, 109)
_RULE: Final = (205, 210, 215)
_QUIET: Final = (246, 247, 248)
_COLUMNS: Final = (16, 56, 27, 27, 24, 29)
_ALIGN: Final = ("LEFT", "LEFT", "RIGHT", "RIGHT", "RIGHT", "RIGHT")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the PDF shows before it takes a shape; amounts are written by the same filter as messages."""

    title: str
    company: str
    numero: str
    rows: tuple[tuple[str, str], ...]
    head: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]
    text: str
    proof: tuple[str, ...]


def sheet(
    record: AgreementRecord,
    parts: Sequence[InstalmentRecord],
    proof: Acceptance | None,
    *,
    words: AgreementWords,
    company: Empresa,
) -> Sheet:
    """Gather the facts of an agreement as they stand."""
    say = words.documento
    labels = say.campos
    interest = sum(part.interes for part in parts)
    rows = [
        (labels.numero, record.numero),
        (labels.estado, say.estados.get(record.estado, record.estado)),
        (labels.cuenta, record.cuenta),
        (labels.solicitado, fecha_hora(record.solicitado_at)),
        *([(labels.decidido, fecha_hora(record.decidido_at))] if record.decidido_at else []),
        (labels.base, dinero(record.base)),
        *([(labels.en_reclamo, dinero(record.en_reclamo))] if record.en_reclamo else []),
        (labels.inicial, dinero(record.inicial)),
        (labels.capital, dinero(record.capital)),
        (labels.tasa, f"{percent(record.tasa_mensual_pct)} %"),
        (labels.interes, dinero(interest)),
        (labels.total, dinero(record.inicial + record.capital + interest)),
    ]
    table = tuple(
        (
            say.cuota_inicial if part.numero == 0 else str(part.numero),
            fecha(part.vence_on) if part.vence_on else say.por_aprobar,
            dinero(part.valor),
            dinero(part.capital),
            dinero(part.interes),
            dinero(part.saldo),
        )
        for part in parts
        if part.valor
    )
    return Sheet(
        title=words.titulo,
        company=say.empresa.format(empresa=company.nombre, nit=company.nit),
        numero=record.numero,
        rows=tuple(rows),
        head=say.tabla,
        table=table,
        text=record.texto,
        proof=_proof(proof, words) if proof else (),
    )


def draw(page: Sheet, *, words: AgreementWords, record: AgreementRecord) -> bytes:
    """Return the PDF (letter size); the same agreement in the same state gives the same bytes."""
    return bytes(_Paper(page, words, record).drawn().output())


def draw_pdf(
    record: AgreementRecord, parts: Sequence[InstalmentRecord], proof: Acceptance | None, *, settings: Settings
) -> bytes:
    """Return the PDF of an agreement as it stands, in the words of the installation."""
    words = of_settings(settings)
    return draw(sheet(record, parts, proof, words=words, company=settings.empresa), words=words, record=record)


def _proof(proof: Acceptance, words: AgreementWords) -> tuple[str, ...]:
    say = words.documento
    accepted = say.aceptado.format(momento=fecha_hora(proof.at), palabra=proof.palabra, canal=proof.channel)
    return (
        accepted,
        say.codigo if proof.otp_verificado else say.sin_codigo,
        say.huella.format(huella=proof.text_sha256),
    )


class _Paper(FPDF):
    """A letter page with the number of the agreement at its foot."""

    def __init__(self, page: Sheet, words: AgreementWords, record: AgreementRecord) -> None:
        super().__init__(orientation="portrait", unit="mm", format="letter")
        self.core_fonts_encoding = ENCODING
        self.alias_nb_pages(_PAGES)
        self._page, self._words = page, words
        self.set_creation_date(local(record.solicitado_at))
        self.set_lang("es-CO")
        self.set_title(self._fit(f"{page.title} {page.numero}"))
        self.set_author(self._fit(page.company))
        self.set_margins(_MARGIN, _MARGIN, _MARGIN)
        self.set_auto_page_break(auto=True, margin=_MARGIN)
        self.set_draw_color(*_RULE)

    def footer(self) -> None:
        """Write the number of the agreement and of the page at the foot of each page."""
        self.set_y(-_MARGIN + 4)
        self._style(8, color=_SOFT)
        text = self._words.documento.pie.format(pagina=self.page_no(), paginas=_PAGES)
        self.cell(0, _LINE, f"{self._page.numero} · {text}", align="C")

    def drawn(self) -> _Paper:
        """Draw everything and return the paper."""
        page, say = self._page, self._words.documento
        self.add_page()
        self._style(16, bold=True)
        self._write(f"{page.title} {page.numero}", line=8)
        self._style(_TEXT_SIZE, color=_SOFT)
        self._write(page.company)
        self.ln(_GAP)
        self.line(_MARGIN, self.get_y(), self.w - _MARGIN, self.get_y())
        self.ln(_GAP)
        for label, value in page.rows:
            self._row(label, value)
        self.ln(_GAP)
        self._instalments()
        self.ln(_GAP)
        self._section(say.texto)
        self.set_fill_color(*_QUIET)
        self._style(_SMALL)
        self.multi_cell(
            self.epw,
            _LINE,
            self._fit(page.text),
            align="L",
            fill=True,
            padding=2,
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT,
        )
        self.ln(_GAP)
        if page.proof:
            self._section(say.prueba)
            self._style(_SMALL, color=_SOFT)
            for text in page.proof:
                self._write(text)
        return self

    def _instalments(self) -> None:
        self._style(_SMALL)
        heads = FontFace(emphasis="BOLD", fill_color=_QUIET)
        with self.table(
            col_widths=_COLUMNS,
            text_align=_ALIGN,
            line_height=_LINE,
            padding=0.6,
            borders_layout="HORIZONTAL_LINES",
            headings_style=heads,
        ) as table:
            for cells in (self._page.head, *self._page.table):
                table.row([self._fit(cell) for cell in cells])

    def _row(self, label: str, value: str) -> None:
        top = self.get_y()
        self._style(_TEXT_SIZE, color=_SOFT)
        self.cell(_LABEL_WIDTH, _LINE, self._fit(label))
        self.set_xy(_MARGIN + _LABEL_WIDTH, top)
        self._style(_TEXT_SIZE)
        self._write(value, self.epw - _LABEL_WIDTH)
        self.ln(0.8)

    def _section(self, title: str) -> None:
        if self.will_page_break(_LINE * 4):
            self.add_page()
        self._style(_TEXT_SIZE, bold=True)
        self._write(title)
        self.ln(0.6)

    def _write(self, text: str, width: float = 0, *, line: float = _LINE) -> None:
        self.multi_cell(width, line, self._fit(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _style(self, size: float, *, bold: bool = False, color: tuple[int, int, int] = _INK) -> None:
        self.set_font(_FONT, "B" if bold else "", size)
        self.set_text_color(*color)

    def _fit(self, text: str) -> Any:
        return printable(text)[0]
