"""What actions tell of bills: only to whoever proved the account, and nothing at all while billing is down."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import pytest

from dialogs.actions.bills import ExplainBill, FindBills, MakeDuplicate, SeeConsumption, SeeDebt
from dialogs.actions.paying import CheckPaymentDate, KeepReceipt, ReportPayment, WaysToPay
from dialogs.actions.ports import AgreementView, BillView, Consumption, DebtView, DeviationView, FinancedView, OwedBill
from tests.dialogs.agreements_world import Agreements
from tests.dialogs.world import NOW, Billing, BillRules, act, ports
from tests.support.rows import every_row

CUENTA = "1000001"
OWED = tuple(
    OwedBill(servicio="agua", periodo=f"2026-{month:02d}", numero=f"F{month}", vence_on=date(2026, month, 21), valor=50_000,
             vencida=month < 11)
    for month in range(3, 12)
)  # fmt: skip
USED = [
    Consumption(servicio="agua", periodo=f"2026-{11 - back:02d}", cantidad=Decimal(18 + 28 * (back == 0)), unidad="m3", dias=61,
                lectura_anterior=Decimal(549), lectura_actual=Decimal(595))
    for back in range(9)
]  # fmt: skip
ISSUED = [
    BillView(cuenta=CUENTA, servicio="agua", periodo=one.periodo, numero="F", emitida_on=date(2026, 1, 5),
             vence_on=date(2026, 1, 21), total=80_000, saldo=80_000, titular="Persona de Prueba", consumo=one)
    for one in USED[:6]
]  # fmt: skip
FOUND = DeviationView(
    servicio="agua", unidad="m3", regla="umbral", actual=Decimal(46), periodos=6, promedio=Decimal("18.00"),
    desde=Decimal(6), hasta=Decimal("29.70"), cambio=156, porcentaje=65, sentido="alto",
)  # fmt: skip
PROVED = {"cuenta": CUENTA, "cuenta_verificada": True}


@dataclass
class Identity:
    """Who proved which accounts."""

    proved: tuple[str, ...] = (CUENTA,)

    async def is_verified(self, conversation_id, cuenta):
        return cuenta in self.proved


def doors(*, proved=(CUENTA,), is_down=False, claimed=0):
    billing = Billing(
        {CUENTA: DebtView(cuenta=CUENTA, bills=OWED, as_of=NOW, suspendida=True)}, ISSUED, USED, is_down=is_down
    )
    return ports(billing=billing, identity=Identity(proved), bill_rules=BillRules(FOUND, claimed))


PERSONAL = ("deuda", "facturas", "factura_vista", "consumo_vista", "explicacion")
ACTIONS = (SeeDebt, FindBills, SeeConsumption, ExplainBill, MakeDuplicate)
LISTED = [{"clave": "agua 2026-11", "servicio": "agua", "periodo": "2026-11", "debe": True}]


@every_row("action", ACTIONS)
@every_row(
    ("slots", "proved"),
    [
        ({"cuenta": CUENTA}, (CUENTA,)),
        ({"cuenta": CUENTA, "cuenta_verificada": False}, (CUENTA,)),
        # A slot alone proves nothing, nor does another account.
        (PROVED, ()),
        ({**PROVED, "cuenta": "1000002"}, (CUENTA,)),
        ({"cuenta_verificada": True}, (CUENTA,)),
    ],
)
def test_whoever_did_not_prove_the_account_is_told_nothing_of_it(action, slots, proved):
    told = act(action, doors=doors(proved=proved), facturas=LISTED, factura_elegida="agua 2026-11", **slots)
    assert told.slots["factura_estado"] == "sin_verificar"
    assert told.facts == {}
    assert [told.slots.get(name) for name in PERSONAL] == [None] * 5


@pytest.mark.parametrize("action", ACTIONS)
def test_while_billing_is_down_no_figure_is_told_and_an_old_one_is_gone(action):
    before = {name: {"total": 1} for name in PERSONAL}
    told = act(
        action, doors=doors(is_down=True), **PROVED, **{**before, "facturas": LISTED}, factura_elegida="agua 2026-11"
    )
    assert told.slots["factura_estado"] == "caida"
    assert told.facts == {}
    assert all(told.slots[name] is None for name in PERSONAL if name in told.slots)


def test_money_under_claim_is_not_asked_for():
    told = act(SeeDebt, doors=doors(claimed=120_000), **PROVED).slots["deuda"]
    assert (told["total"], told["en_reclamo"], told["por_pagar"]) == (450_000, 120_000, 330_000)
    # More than is owed can be under claim: what is left is nothing, never less.
    told = act(SeeDebt, doors=doors(claimed=999_999), **PROVED).slots["deuda"]
    assert (told["en_reclamo"], told["por_pagar"]) == (450_000, 0)


def test_bills_that_an_agreement_pays_are_neither_asked_for_nor_overdue():
    view = AgreementView(
        id="a", numero="AP-2026-000001", estado="VIGENTE", cuotas=3, base=300_000, pagado=0, saldo=300_000, mora=0, motivo="",
        solicitado_at="2026-08-25", proxima=1, proxima_valor=100_000, proxima_on="2026-12-05",
    )  # fmt: skip
    keys = frozenset(f"agua 2026-{month:02d}" for month in range(3, 9))
    by_parts = Agreements(by_parts=FinancedView(acuerdo=view, valor=300_000, facturas=keys))
    world = replace(doors(claimed=50_000), agreements=by_parts)
    told = act(SeeDebt, doors=world, **PROVED).slots["deuda"]
    assert (told["financiado"], told["en_reclamo"], told["por_pagar"]) == (300_000, 50_000, 100_000)
    assert [bill["periodo"] for bill in told["facturas"]] == ["2026-09", "2026-10", "2026-11"]
    assert (told["otras"], told["vencidas"]) == (0, 2)
    assert told["acuerdo"] == {
        "numero": "AP-2026-000001",
        "cuota": 1,
        "valor": 100_000,
        "vence_on": "2026-12-05",
    }
    listed = [{"clave": f"agua 2026-{month:02d}"} for month in (7, 11)]
    for key, number in (("agua 2026-07", "AP-2026-000001"), ("agua 2026-11", "")):
        made = act(MakeDuplicate, doors=world, **PROVED, facturas=listed, factura_elegida=key)
        assert made.slots["factura_vista"]["acuerdo"] == number


def test_a_long_debt_is_told_in_part_and_added_up_in_whole():
    told = act(SeeDebt, doors=doors(), **PROVED).slots["deuda"]
    assert (len(told["facturas"]), told["otras"], told["vencidas"], told["suspendida"]) == (6, 3, 8, True)
    assert told["facturas"][0] == {
        "servicio": "agua", "periodo": "2026-03", "numero": "F3", "vence_on": "2026-03-21", "valor": 50_000,
        "vencida": True,
    }  # fmt: skip


@every_row(
    ("said", "period"),
    [
        ("agua 2026-11", "2026-11"), ("la última", "2026-11"), ("la de este mes", "2026-11"), ("la anterior", "2026-10"),
        ("la del mes pasado", "2026-10"), ("octubre", "2026-10"), ("la de septiembre de 2026", "2026-09"),
        ("2026-08", "2026-08"), ("la de enero", None), ("1998-07", None), ("no sé", None),
        ("la más vieja", "2026-06"), ("el más antiguo", "2026-06"), ("el último", "2026-11"),
    ],
)  # fmt: skip
def test_a_bill_is_chosen_by_button_month_or_order(said, period):
    world = doors()
    listed = act(FindBills, doors=world, **PROVED).slots["facturas"]
    told = act(MakeDuplicate, doors=world, **PROVED, facturas=listed, factura_elegida=said)
    if period is None:
        assert told.slots == {"factura_estado": "otra_vez", "factura_elegida": None}
        return
    assert told.slots["factura_vista"]["periodo"] == period
    paper = told.facts["PaperMade"]
    assert (paper["kind"], paper["content"]["factura"]["periodo"]) == ("factura", period)
    # The consumptions that it shows are those up to its own month.
    assert paper["content"]["consumos"][0]["periodo"] == period


def test_a_single_bill_is_no_choice():
    world = ports(billing=Billing({}, ISSUED[:1], USED), identity=Identity())
    assert act(FindBills, doors=world, **PROVED).slots["factura_elegida"] == "agua 2026-11"


def test_two_measured_services_are_asked_apart():
    gas = [Consumption(servicio="gas", periodo="2026-11", cantidad=Decimal("9.5"), unidad="m3")]
    world = ports(billing=Billing({}, ISSUED, [*USED, *gas]), identity=Identity())
    assert act(SeeConsumption, doors=world, **PROVED).slots["factura_estado"] == "elegir"
    told = act(SeeConsumption, doors=world, **PROVED, servicio_medido="gas")
    assert told.slots["consumo_vista"]["filas"] == [{"periodo": "2026-11", "cantidad": "9,5", "estimado": False}]
    assert told.facts["PaperMade"]["kind"] == "grafica"


def test_the_explanation_tells_the_change_the_rule_the_days_and_the_reading():
    told = act(ExplainBill, doors=doors(), **PROVED).slots
    assert told["servicio_explicado"] == "agua"
    seen = told["explicacion"]
    assert (seen["cantidad"], seen["promedio"], seen["cambio"], seen["hasta"]) == ("46", "18", 156, "29,7")
    assert (seen["es_largo"], seen["lectura_anterior"], seen["lectura_actual"], seen["total"]) == (
        True, "549", "595", 80_000,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("paid", "said"),
    [
        ("2026-11-23", None), ("2026-11-24", "reportar_pago.fecha_futura"), ("2025-11-22", None),
        ("2025-11-21", "reportar_pago.fecha_vieja"), ("2026-10", "pide_fecha_pago_otra_vez"),
    ],
)  # fmt: skip
def test_a_payment_was_made_between_a_year_ago_and_today(paid, said):
    told = act(CheckPaymentDate, fecha_pago=paid)
    assert [each["response"] for each in told.said] == ([said] if said else [])
    assert told.slots == ({"fecha_pago": None} if said else {})


def test_photos_and_pdf_are_receipts_and_a_voice_note_is_not():
    photo = [{"file_id": "f1", "kind": "image"}]
    assert act(KeepReceipt, comprobante=photo).slots["comprobantes"] == [{"file_id": "f1"}]
    assert act(KeepReceipt, comprobante=photo, comprobantes=[{"file_id": "f1"}]).slots["comprobantes"] == [
        {"file_id": "f1"}
    ]
    told = act(KeepReceipt, comprobante=[{"file_id": "f2", "kind": "audio"}]).slots
    assert told == {"comprobante": None, "comprobante_listo": False}
    assert act(KeepReceipt).slots == {"comprobantes": None, "comprobante_listo": True}


def test_a_payment_is_handed_over_with_all_that_was_told():
    told = act(
        ReportPayment, cuenta=CUENTA, fecha_pago="2026-11-20", valor_pago=85_000, lugar_pago="banco",
        comprobantes=[{"file_id": "f1"}], servicio_suspendido=True,
    )  # fmt: skip
    assert told.facts["PaymentReported"] == {
        "cuenta": CUENTA, "pagada_on": "2026-11-20", "valor": 85_000, "lugar": "banco", "files": ["f1"],
        "suspendida": True,
    }  # fmt: skip
    assert told.slots == {"pago_dias": 2, "reconexion_horas": 24}


def test_ways_without_leaving_home_come_first():
    from dialogs.actions.ports import WayToPay

    ways = (WayToPay("punto", "Caja", "aquí"), WayToPay("virtual", "PSE", "allá", "https://p.example"))
    told = act(WaysToPay, doors=ports(bill_rules=BillRules(ways=ways)))
    assert [way["nombre"] for way in told.slots["medios_pago"]] == ["PSE", "Caja"]
