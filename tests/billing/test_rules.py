"""The rules of bills and the ways to pay, as data: dates of validity, and mistakes told with their line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.billing import rules
from bot.kernel.errors import CatalogError


def names(day: date) -> set[str]:
    return {way.id for way in rules.load().ways(day)}


def test_a_way_to_pay_is_told_on_its_first_and_last_day_and_not_outside() -> None:
    assert "jornada_el_roble" in names(date(2026, 1, 1))
    assert "jornada_el_roble" in names(date(2027, 12, 31))
    assert "jornada_el_roble" not in names(date(2028, 1, 1))
    assert names(date(2025, 12, 31)) == set()


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("pagos.yml", "hasta: 2027-12-31", "hasta: 2025-12-31", "hasta is before desde"),
        ("pagos.yml", "clase: virtual", "clase: nube", "clase"),
        ("facturacion.yml", "sigmas: 3", "sigmas: 0", "sigmas"),
        ("facturacion.yml", "reconexion_horas: 24", "reconexion_horas: pronto", "reconexion_horas"),
        ("facturacion.yml", "regla: umbral", "regla: ojo", "regla|umbral"),
        ("facturacion.yml", '"Promedio anterior: {valor}"', '"Promedio: {valor:>10}"', "braces"),
    ],
)
def test_a_mistake_in_the_data_is_told_with_its_file_and_line(tmp_path: Path, file, old, new, says) -> None:
    for name in (rules.RULES, rules.WAYS):
        text = (rules.FOLDER / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace(old, new, 1) if name == file else text, encoding="utf-8")
    with pytest.raises(CatalogError, match=rf"{file}:\d+: .*({says})"):
        rules.load(tmp_path, tmp_path)
