"""The rule of significant deviation, on its very limits."""

from __future__ import annotations

from decimal import Decimal

from bot.billing.deviation import deviation
from bot.billing.rules import load
from dialogs.actions.ports import Consumption
from tests.support.rows import every_row

RULES = load().bills


def used(*quantities: float | str, servicio: str = "agua", dias: int = 30) -> list[Consumption]:
    """Return consumptions, the newest first."""
    unit = "kWh" if servicio == "energia" else "m3"
    return [
        Consumption(servicio=servicio, periodo=f"20{26 - at:02d}-01", cantidad=Decimal(str(q)), unidad=unit, dias=dias)
        for at, q in enumerate(quantities)
    ]


@every_row(
    ("now", "usual", "sense"),
    [
        (33, 20, ""),  # 65 % exactly is not more than 65 %
        (33.01, 20, "alto"),
        (7, 20, ""),
        (6.99, 20, "bajo"),
        (54, 40, ""),  # from 40 m3 on the limit is 35 %
        (54.01, 40, "alto"),
        (26, 40, ""),
        (25.99, 40, "bajo"),
        (64.34, 39, ""),  # 39 is below 40: 65 % again
        (64.36, 39, "alto"),
    ],
)
def test_water_is_compared_with_the_average_of_six_months(now, usual, sense):
    found = deviation(RULES, used(now, *[usual] * 6))
    assert found is not None
    assert (found.regla, found.promedio, found.sentido) == ("umbral", Decimal(usual), sense)


def test_only_the_six_last_months_count():
    found = deviation(RULES, used(20, 10, 20, 30, 10, 20, 30, 900, 900))
    assert found is not None
    assert (found.promedio, found.cambio, found.porcentaje, found.periodos) == (Decimal(20), 0, 65, 6)


def test_a_bill_of_two_months_is_compared_with_three():
    found = deviation(RULES, used(70, 40, 40, 40, dias=61))
    assert found is not None
    assert (found.periodos, found.sentido, found.cambio) == (3, "alto", 75)


def test_without_history_nothing_is_said_unless_the_average_of_the_stratum_is_known():
    found = deviation(RULES, used(50, 10, 10), estrato=2)
    assert found is not None
    assert (found.regla, found.faltan, found.sentido, found.promedio) == ("sin_historia", 4, "", None)
    water = RULES.desviacion["agua"].model_copy(update={"promedio_por_estrato": {2: Decimal(20)}})
    rules = RULES.model_copy(update={"desviacion": {"agua": water}})
    limits = [deviation(rules, used(now), estrato=2) for now in (33, 33.01, 7, 6.99)]
    assert [one.sentido for one in limits if one] == ["", "alto", "", "bajo"]
    assert deviation(rules, used(50), estrato=3).regla == "sin_historia"


def test_energy_and_gas_are_out_beyond_three_standard_deviations_of_twelve_months():
    # Six of 90 and six of 110: mean 100, deviation 10, limits 70 and 130.
    months = [90, 110] * 6
    for servicio in ("energia", "gas"):
        found = [deviation(RULES, used(now, *months, servicio=servicio)) for now in (130, 130.01, 70, 69.99)]
        assert [one.sentido for one in found if one] == ["", "alto", "", "bajo"]
        assert {(one.desde, one.hasta, one.promedio) for one in found if one} == {(70, 130, 100)}


def test_a_consumption_that_never_changes_leaves_no_room():
    found = deviation(RULES, used(101, *[100] * 12, servicio="energia"))
    assert found is not None
    assert (found.sentido, found.hasta) == ("alto", Decimal(100))


def test_less_than_nothing_cannot_be_used():
    found = deviation(RULES, used(0, *[0, 100] * 6, servicio="gas"))
    assert found is not None
    assert (found.desde, found.sentido) == (0, "")


def test_from_nothing_there_is_no_percentage():
    found = deviation(RULES, used(5, *[0] * 6))
    assert found is not None
    assert (found.cambio, found.sentido) == (None, "alto")


def test_aseo_has_no_meter_and_nothing_is_nothing():
    assert deviation(RULES, used(5, 5, servicio="aseo")) is None
    assert deviation(RULES, []) is None
