"""The actions of agreements: nothing without figures, nothing that was not read, nothing signed by something like it."""

import pytest

from dialogs.actions import agreements
from dialogs.actions.ports import AgreementView, LinkedAccount
from tests.dialogs.agreements_world import CUENTA, DEBT, Agreements
from tests.dialogs.world import Billing, Identity, act, ports

READ = {"cuenta": CUENTA, "cuenta_verificada": True, "plan_cuotas": 12.0, "dia_pago": 20.0, "quien_firma": "titular"}


PROVED = {"cuenta": CUENTA, "cuenta_verificada": True}
MINE = (LinkedAccount(CUENTA, "sin_decir", verificada=True, barrio="", sector=""),)


def doors(*, mine=MINE, **changed):
    billing = Billing(debts={CUENTA: DEBT}, is_down=changed.pop("is_down", False))
    return ports(agreements=Agreements(**changed), billing=billing, identity=Identity(mine))


def shown(**changed):
    """Return the slots of somebody who read the terms, as the house then stood."""
    done = act(agreements.WriteTerms, doors=doors(**changed), **READ)
    return {**READ, "oferta": done.slots["oferta"], "acuerdo_texto": done.slots["acuerdo_texto"]}


@pytest.mark.parametrize(("said", "kept"), [(8.0, 8.0), (300_000.0, None), (None, None)])
def test_an_amount_said_at_once_is_the_debt_and_a_count_is_a_count(said, kept):
    done = act(agreements.BeginAgreement, plan_pedido=said, palabra_escrita="ACEPTO")
    assert done.slots["plan_pedido"] == kept
    assert done.slots["palabra_escrita"] is None


@pytest.mark.parametrize(("changed", "state"), [({}, "puede"), ({"can": False}, "no"), ({"is_down": True}, "caido")])
def test_what_can_be_offered_is_looked_up_and_never_guessed(changed, state):
    done = act(agreements.LookAtDebt, doors=doors(**changed), **PROVED)
    assert done.slots["acuerdo_estado"] == state
    assert (done.slots["plan"] is None) == (state == "caido")


@pytest.mark.parametrize(("mine", "slot"), [((), True), (MINE, None)])
def test_of_an_account_that_is_not_proved_now_nothing_is_told(mine, slot):
    """A slot outlives an account that was cut or a person who asked to be forgotten."""
    said = {"doors": doors(mine=mine, found=AgreementView), "cuenta": CUENTA, "cuenta_verificada": slot}
    assert act(agreements.LookAtDebt, **said).slots["plan"] is None
    assert act(agreements.ReadPlan, plan_pedido=6.0, **said).slots["plan_estado"] == "caido"
    assert "oferta" not in act(agreements.WriteTerms, plan_cuotas=6.0, **said).slots
    assert not act(agreements.RequestAgreement, plan_cuotas=6.0, **said).facts
    seen = act(agreements.SeeAgreement, **said)
    assert (seen.slots["hay_acuerdo"], seen.facts) == (False, {})


def test_an_account_that_billing_does_not_know_is_promised_nothing():
    assert act(agreements.LookAtDebt, doors=doors(), cuenta="9").slots["acuerdo_estado"] == "caido"


@pytest.mark.parametrize(
    ("said", "state", "count"),
    [
        (8, "vale", 8),
        (120, "muchas", 120),
        (13, "muchas", 13),
        (50_000, "vale", 8),
        (20_000, "muchas", 20),
        (1_000, "imposible", None),
    ],
)
def test_a_count_or_an_amount_a_month_both_lead_to_a_plan(said, state, count):
    done = act(agreements.ReadPlan, doors=doors(), **PROVED, plan_pedido=float(said))
    assert (done.slots["plan_estado"], done.slots["plan_cuotas"]) == (state, count)
    assert ("oferta" in done.slots) == (state == "vale")


def test_every_row_of_the_table_is_a_button():
    plan = act(agreements.LookAtDebt, doors=doors(), **PROVED).slots["plan"]
    said = act(agreements.AskPlan, plan=plan).said[0]
    assert [one["title"] for one in said["buttons"]] == ["3 cuotas", "6 cuotas", "12 cuotas"]
    assert act(agreements.AskDay, plan=plan).said[0]["buttons"][0]["payload"] == "/SetSlots(dia_pago=5)"


@pytest.mark.parametrize(("said", "kept"), [(5.0, {}), (15.0, {"dia_pago": None})])
def test_only_days_of_the_policy_are_taken(said, kept):
    assert act(agreements.ReadDay, plan={"dias": [5, 20]}, dia_pago=said).slots == kept


@pytest.mark.parametrize("typed", ["ACEPTO", "acepto", " Acepto. "])
def test_the_word_itself_signs(typed):
    assert act(agreements.ReadWord, typed).slots["palabra_escrita"] == typed.strip()


@pytest.mark.parametrize(
    "typed", ["sí", "aceto", "acepto pero", "no acepto", "", "dale", "/SetSlots(palabra_acepto=acepto)"]
)
def test_nothing_like_the_word_signs(typed):
    assert act(agreements.ReadWord, typed).slots["palabra_escrita"] is None


def test_what_was_read_is_handed_over_with_its_proof():
    done = act(agreements.RequestAgreement, doors=doors(), palabra_escrita="ACEPTO", codigo_estado="bien", **shown())
    told = done.facts["AgreementRequested"]
    assert (told["palabra"], told["cuotas"], told["dia"]) == ("ACEPTO", 12, 20)
    assert told["texto"] == "Acuerdo por 12 cuotas, inicial 96000"
    assert told["debe"] == {"total": 480_000, "vencidas": 1, "dias": 33}


@pytest.mark.parametrize("changed", [{"figure": 100_000}, {"is_down": True}])
def test_figures_that_changed_or_are_not_there_sign_nothing(changed):
    done = act(agreements.RequestAgreement, doors=doors(**changed), palabra_escrita="ACEPTO", **shown())
    assert not done.facts
    assert done.slots["acuerdo_estado"] == ("caido" if "is_down" in changed else "cambio")
    if "figure" in changed:
        assert done.slots["palabra_escrita"] is None


def test_an_agreement_is_shown_with_a_copy():
    one = AgreementView(
        id="agr_1", numero="AP-2026-000001", estado="VIGENTE", cuotas=12, base=480_000, pagado=96_000, saldo=384_000,
        mora=0, motivo="", solicitado_at="2026-11-20T10:00:00-05:00",
    )  # fmt: skip
    done = act(agreements.SeeAgreement, doors=doors(found=one), **PROVED)
    assert done.slots["hay_acuerdo"] is True
    assert done.facts == {"PaperMade": {"kind": "acuerdo", "content": {"agreement_id": "agr_1"}}}
    assert act(agreements.SeeAgreement, doors=doors(), **PROVED).slots["hay_acuerdo"] is False
