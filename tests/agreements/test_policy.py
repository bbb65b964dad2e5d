"""The policy is data: what it says holds, and what is wrong with it is told with file and line."""

import shutil
from datetime import date

import pytest

from bot.agreements import policy
from bot.agreements.eligibility import Standing, is_automatic, obstacle
from bot.agreements.simulation import choices, for_purse, most_for, simulate
from bot.kernel.errors import CatalogError
from bot.pqr.calendar import Calendar
from tests.support.rows import every_row

DAYS = Calendar()
TODAY = date(2026, 3, 18)
POLICY = policy.on(policy.load(), TODAY)


def standing(**changes):
    fields = {
        "deuda_total": 480_000,
        "en_reclamo": 0,
        "facturas_vencidas": 2,
        "dias_vencida": 45,
        "uso": "residencial",
        "estrato": 2,
    }
    return Standing(**(fields | changes))


@every_row(
    ("changes", "rule", "way_out"),
    [
        ({"deuda_total": 0, "facturas_vencidas": 0}, "nada_debe", "pagar"),
        ({"en_reclamo": 480_000}, "todo_en_reclamo", "esperar"),
        ({"reclamos_sin_valor": 1}, "reclamo_sin_valor", "asesor"),
        ({"acuerdos_abiertos": 1}, "ya_tiene", "asesor"),
        ({"facturas_vencidas": 0}, "nada_vencido", "pagar"),
        ({"deuda_total": 29_999}, "deuda_baja", "pagar"),
        ({"incumplidos": 1, "reacuerdos": 1}, "segundo_reacuerdo", "asesor"),
        ({"incumplidos": 2}, "varios_incumplidos", "asesor"),
        ({"deuda_total": 8_000_001}, "deuda_alta", "asesor"),
        ({"deuda_total": 20_000_001}, "deuda_muy_alta", "comite"),
        ({"facturas_vencidas": 25}, "muchas_facturas", "asesor"),
        ({"dias_vencida": 1_801}, "deuda_antigua", "asesor"),
    ],
)
def test_who_gets_no_agreement_here_is_told_where_to_go(changes, rule, way_out):
    found = obstacle(POLICY, standing(**changes))
    assert (found.id, found.salida) == (rule, way_out)


@pytest.mark.parametrize("changes", [{}, {"incumplidos": 1}, {"deuda_total": 8_000_000}, {"en_reclamo": 100_000}])
def test_everybody_else_may_have_one(changes):
    assert obstacle(POLICY, standing(**changes)) is None


def test_the_disputed_part_is_never_financed():
    offer = simulate(POLICY, standing(en_reclamo=180_000), 6, today=TODAY, days=DAYS)
    assert offer.base == 300_000
    assert offer.inicial + offer.capital == 300_000


@pytest.mark.parametrize(
    ("changes", "percent", "rate"),
    [
        ({"estrato": 3}, "96000", "0"),
        ({"estrato": 4}, "144000", "0"),
        ({"estrato": None}, "144000", "0"),
        ({"uso": "comercial", "estrato": None}, "144000", "1.9"),
    ],
)
def test_use_and_stratum_decide_the_initial_payment_and_the_rate(changes, percent, rate):
    offer = simulate(POLICY, standing(**changes), 6, today=TODAY, days=DAYS)
    assert offer.inicial == int(percent)
    assert str(offer.tasa_mensual_pct) == rate


def test_four_choices_at_most_each_within_what_the_assistant_may_give():
    found = choices(POLICY, standing(), today=TODAY, days=DAYS)
    assert [len(one.cuotas) for one in found] == [3, 6, 12]
    assert all(one.total == 480_000 for one in found)


def test_a_small_debt_is_offered_what_it_can_be_divided_in():
    found = choices(POLICY, standing(deuda_total=30_000), today=TODAY, days=DAYS)
    assert [len(one.cuotas) for one in found] == [3]
    assert most_for(POLICY, standing(deuda_total=30_000), today=TODAY, days=DAYS) == 4
    assert simulate(POLICY, standing(deuda_total=30_000), 12, today=TODAY, days=DAYS) == "pequenas"


def test_more_than_the_assistant_may_give_is_for_an_adviser():
    assert simulate(POLICY, standing(), 13, today=TODAY, days=DAYS) == "muchas"


def test_what_fits_a_purse():
    assert for_purse(POLICY, standing(), 50_000) == 8
    assert for_purse(POLICY, standing(), 20_000) == 20
    assert for_purse(POLICY, standing(), 1_000) is None


@pytest.mark.parametrize(
    ("today", "day", "first"),
    [
        (date(2026, 3, 18), None, date(2026, 4, 6)),  # 5 April is a Sunday
        (date(2026, 3, 18), 20, date(2026, 4, 20)),
        (date(2026, 3, 5), None, date(2026, 3, 20)),
        (date(2026, 12, 18), 5, date(2027, 1, 5)),
        (date(2026, 6, 18), 5, date(2026, 7, 6)),
        (date(2026, 6, 25), 20, date(2026, 7, 21)),  # 20 July is a holiday
    ],
)
def test_due_dates_are_the_5_or_the_20_or_the_next_business_day(today, day, first):
    offer = simulate(POLICY, standing(), 12, today=today, days=DAYS, day=day)
    assert offer.fechas[0] == first
    assert all(DAYS.is_business(one) for one in offer.fechas)
    assert len({(one.year, one.month) for one in offer.fechas}) == 12


def test_what_needs_no_person_is_inside_every_limit():
    inside = {"count": 12, "signer": "titular", "is_protected": False}
    assert is_automatic(POLICY, standing(), **inside)
    assert is_automatic(POLICY, standing(en_reclamo=100_000), **inside)
    assert not is_automatic(POLICY, standing(deuda_total=2_000_001), **inside)
    assert not is_automatic(POLICY, standing(uso="comercial"), **inside)
    assert not is_automatic(POLICY, standing(incumplidos=1), **inside)
    assert not is_automatic(POLICY, standing(), **(inside | {"count": 13}))
    assert not is_automatic(POLICY, standing(), **(inside | {"signer": "arrendatario"}))
    assert not is_automatic(POLICY, standing(), **(inside | {"is_protected": True}))


def test_a_policy_holds_only_between_its_dates():
    assert policy.on(policy.load(), date(2025, 12, 31)) is None
    assert policy.on(policy.load(), date(2026, 1, 1)).id == "2026"
    assert policy.called(policy.load(), "2026") is not None
    assert policy.called(policy.load(), "1999") is None


@every_row(
    ("old", "new", "line", "words"),
    [
        ("redondeo: 50", "redondeo: 0", "redondeo", "greater than or equal to 1"),
        ("ofrece: [3, 6, 12]", "ofrece: [3, 6, 24]", "cuotas", "at or below bot"),
        ("bot: 12, asesor: 24", "bot: 12, asesor: 10", "cuotas", "must not fall"),
        ("tasa_tope_pct: 2.1", "tasa_tope_pct: 1.5", 'id: "2026"', "passes tasa_tope_pct"),
        ("dato: deuda_total, menor_que: 1", "dato: deuda_totl, menor_que: 1", "deuda_totl", "deuda_total"),
        ("dato: deuda_total, menor_que: 1", "dato: deuda_total", "dato: deuda_total}", "exactly one of"),
        ("salida: comite", "salida: otra", "salida: otra", "'pagar'"),
        ("hasta: null", "hasta: 2025-01-01", 'id: "2026"', "before desde"),
        ("incumplidas: 2", "incumplidas: dos", "incumplidas", "valid integer"),
        ("incumplidas: 2", "incumplida: 2", "incumplida:", "not permitted"),
    ],
)
def test_a_mistake_is_told_with_its_file_and_line(tmp_path, old, new, line, words):
    text = (policy.FOLDER / policy.FILE).read_text(encoding="utf-8")
    assert old in text
    changed = text.replace(old, new, 1)
    (tmp_path / policy.FILE).write_text(changed, encoding="utf-8")
    with pytest.raises(CatalogError) as caught:
        policy.load(tmp_path)
    number = next(n for n, one in enumerate(changed.splitlines(), start=1) if line in one and not one.startswith("#"))
    told = [one for one in caught.value.problems if words in one]
    assert told, caught.value.problems
    assert any(one.startswith(f"acuerdos.yml:{number}:") for one in told), told


def test_two_policies_at_once_are_refused(tmp_path):
    text = (policy.FOLDER / policy.FILE).read_text(encoding="utf-8")
    head, _, body = text.partition("politicas:\n")
    (tmp_path / policy.FILE).write_text(head + "politicas:\n" + body + body.replace('"2026"', '"2027"'))
    with pytest.raises(CatalogError, match="close 2026 with hasta"):
        policy.load(tmp_path)


def test_every_reason_is_short_and_blames_nobody():
    for rule in POLICY.reglas:
        assert len(rule.texto.split(". ")) <= 3
        assert not {"moroso", "incumplió", "culpa"} & set(rule.texto.lower().split())


def test_an_installation_may_have_its_own_policy(tmp_path):
    shutil.copy(policy.FOLDER / policy.FILE, tmp_path / policy.FILE)
    assert policy.load(tmp_path) == policy.load()
