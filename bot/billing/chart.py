"""The last consumptions as a picture for a chat: readable at half its size, on a light or a dark background."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bot.billing.bars import MOST, amount, bars_of

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

    from bot.billing.rules_model import RulesFile
    from dialogs.actions.ports import Consumption

#: Pixels; a small phone shows 720 of them at half the size, so that no letter is below 14 of its own.
_WIDTH, _HEIGHT, _MARGIN, _CORNER = 720, 540, 36, 28
_TITLE, _TEXT, _SMALL = 38, 32, 28
_BASE, _TOP = 430, 178
#: The card brings its own background: nothing depends on the colours of the chat. Contrast on it is above 4.5.
_CARD, _INK, _SOFT, _OLD, _NEW, _LINE = "#ffffff", "#1b2430", "#4d5866", "#8fb8d8", "#0b5c9e", "#b3541e"


def draw(used: Sequence[Consumption], *, rules: RulesFile) -> bytes:
    """Return the chart of one service (newest first) as PNG with transparent corners, at most 60 kB.

    The six newest are drawn; the average is that of everything given before the newest.

    Raises:
        LookupError: there is nothing to draw.
    """
    from PIL import Image, ImageDraw

    if not used:
        raise LookupError("consumption")
    picture = Image.new("RGBA", (_WIDTH, _HEIGHT), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((0, 0, _WIDTH - 1, _HEIGHT - 1), _CORNER, fill=_CARD)
    words = rules.grafica
    unit = next((name for key, name in rules.unidades.items() if key == used[0].unidad), used[0].unidad)
    service = next((name for key, name in rules.servicios.items() if key == used[0].servicio), used[0].servicio)
    pen.text((_MARGIN, 26), words.titulo.format(servicio=service), fill=_INK, font=_font(_TITLE))
    pen.text((_MARGIN, 76), words.unidad.format(unidad=unit), fill=_SOFT, font=_font(_SMALL))
    bars = bars_of(used)
    step = (_WIDTH - 2 * _MARGIN) / len(bars)
    wide = min(step * 0.62, 110)
    before = [one.cantidad for one in used[1:]] or [used[0].cantidad]
    usual = sum(before, Decimal(0)) / len(before)
    highest = max(one.cantidad for one in used[:MOST]) or Decimal(1)
    lefts = [_MARGIN + place * step + (step - wide) / 2 for place in range(len(bars))]
    tops = [_BASE - bar.height * (_BASE - _TOP) for bar in bars]
    for bar, left, top in zip(bars, lefts, tops, strict=True):
        box = (left, top, left + wide, _BASE)
        _bar(pen, box, color=_NEW if bar is bars[-1] else _OLD, is_estimated=bar.is_estimated)
    pen.line((_MARGIN, _BASE, _WIDTH - _MARGIN, _BASE), fill=_SOFT, width=3)
    _dashes(pen, _BASE - min(float(usual / highest), 1.0) * (_BASE - _TOP))
    for bar, left, top in zip(bars, lefts, tops, strict=True):
        # The number has a halo, so that the line of the average never strikes it out.
        middle = left + wide / 2
        pen.text(
            (middle, top - 10), bar.value, fill=_INK, font=_font(_TEXT), anchor="ms", stroke_width=5, stroke_fill=_CARD
        )
        pen.text((middle, _BASE + 38), bar.label, fill=_INK, font=_font(_TEXT), anchor="ms")
    told = f"{amount(usual.quantize(Decimal('0.1')))} {unit}"
    pen.text((_WIDTH - _MARGIN, 516), words.promedio.format(valor=told), fill=_LINE, font=_font(_SMALL), anchor="rs")
    if any(bar.is_estimated for bar in bars):
        _bar(pen, (_MARGIN, 492, _MARGIN + 34, 518), color=_SOFT, is_estimated=True)
        pen.text((_MARGIN + 46, 516), words.estimado, fill=_SOFT, font=_font(_SMALL), anchor="ls")
    held = io.BytesIO()
    picture.quantize(64, method=Image.Quantize.FASTOCTREE).save(held, "PNG", optimize=True)
    return held.getvalue()


def _bar(pen: ImageDraw, box: tuple[float, float, float, float], *, color: str, is_estimated: bool) -> None:
    """Draw a full bar, or an outlined and striped one where nobody read the meter: told by form, not by colour alone."""
    left, top, right, base = box
    if not is_estimated:
        pen.rectangle(box, fill=color)
        return
    for line in range(int(base), int(top), -14):
        pen.line((left, line, right, line), fill=color, width=4)
    pen.rectangle(box, outline=color, width=4)


def _dashes(pen: ImageDraw, height: float) -> None:
    for left in range(_MARGIN, _WIDTH - _MARGIN, 26):
        pen.line((left, height, min(left + 14, _WIDTH - _MARGIN), height), fill=_LINE, width=4)


def _font(size: int) -> Any:
    """Return Lato (SIL Open Font License) from its package, so that every machine draws the same, accents included."""
    from font_lato import Lato
    from PIL import ImageFont

    return ImageFont.truetype(Lato, size)
