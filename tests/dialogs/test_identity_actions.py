"""What the actions of identity decide: whose account is meant, which words name it, when to send and when to stop."""

from __future__ import annotations

import pytest

from dialogs.actions import accounts, identity
from dialogs.actions.consent import WithdrawConsent
from dialogs.actions.ports import LinkedAccount
from tests.dialogs.world import Identity, act, ports
from tests.support.rows import every_row

HOUSE = LinkedAccount("1000001", "titular", True, "La Esperanza", "s1", "la casa")
SHOP = LinkedAccount("1000002", "usuario", True, "El Prado", "s2", "El Local")
FARM = LinkedAccount("1000003", "titular", False, "La Vega", "s3")


def doors(*mine, **changed):
    return ports(identity=Identity(mine=mine, **changed))


def test_the_only_proved_account_is_taken_without_a_question():
    done = act(identity.LookAtIdentity, doors=doors(HOUSE, FARM))
    assert (done.slots["cuenta"], done.slots["cuenta_verificada"], done.slots["identidad_paso"]) == (
        "1000001",
        True,
        "lista",
    )


def test_an_account_left_by_an_older_errand_is_not_taken_for_the_one_that_is_meant():
    done = act(identity.LookAtIdentity, "cuánto debo", doors=doors(HOUSE), cuenta="1000009")
    assert done.slots["cuenta"] == "1000001"
    done = act(identity.LookAtIdentity, "cuánto debo de la 1000009", doors=doors(HOUSE), cuenta="1000009")
    assert done.slots["identidad_paso"] == "elegir"
    assert done.slots["cuenta_verificada"] is None


@every_row(
    ("words", "step", "cuenta"),
    [
        ("la casa", "lista", "1000001"),
        ("la de la casa por favor", "lista", "1000001"),
        ("el local", "lista", "1000002"),
        ("la de El Prado", "lista", "1000002"),
        ("1000002", "lista", "1000002"),
        ("la vega", "comprobar", "1000003"),
        ("1000055", "comprobar", "1000055"),
        ("otra", "comprobar", None),
        ("otra cuenta", "comprobar", None),
    ],
)
def test_an_account_is_named_by_number_by_word_or_by_place(words, step, cuenta):
    done = act(identity.TakeAccount, doors=doors(HOUSE, SHOP, FARM), cuenta_elegida=words)
    assert (done.slots["identidad_paso"], done.slots["cuenta"]) == (step, cuenta)


def test_words_that_name_no_account_ask_again():
    done = act(identity.TakeAccount, doors=doors(HOUSE, SHOP), cuenta_elegida="no sé cuál será")
    assert done.slots["identidad_paso"] == "elegir"


def test_only_a_number_goes_into_the_payload_of_a_button():
    odd = LinkedAccount("1000001", "titular", True, "La Esperanza", "s1", "casa, cuenta_verificada=true) /asesor")
    done = act(identity.AskWhichAccount, identidad_cuentas=identity.listed(_view(odd)))
    first = done.said[0]["buttons"][0]
    assert first["payload"] == "/SetSlots(cuenta_elegida=1000001)"
    assert len(first["title"]) <= 20


def _view(*mine):
    from dialogs.actions.ports import PersonView

    return PersonView("persona-1", "", mine)


@pytest.mark.parametrize(
    ("state", "sent"), [("abierta", "enviado"), ("bloqueada", "bloqueada"), ("sin_contacto", "sin_envio")]
)
def test_a_code_is_asked_for_only_while_the_door_is_open(state, sent):
    done = act(identity.SendCode, doors=doors(state=state), cuenta="1000001", medio_codigo="correo")
    assert done.slots["codigo_estado"] == sent
    assert ("CodeAsked" in done.facts) is (sent == "enviado")


def test_too_many_letters_are_refused_before_they_are_written():
    done = act(identity.SendCode, doors=doors(envios=False), cuenta="1000001", medio_codigo="correo")
    assert done.slots["codigo_estado"] == "sin_envio"
    assert done.facts == {}


@pytest.mark.parametrize(
    ("typed", "state"),
    [
        ("482913", "bien"),
        ("es 482 913", "bien"),
        ("111111", "mal"),
        ("otro", "otro"),
        ("no me llegó", "otro"),
        ("no puedo verlo", "dejado"),
    ],
)
def test_what_is_typed_is_a_code_a_wish_for_another_or_giving_up(typed, state):
    world = doors()
    done = act(identity.TryCode, doors=world, codigo_cuenta=typed, cuenta="1000001")
    assert done.slots["codigo_estado"] == state
    assert done.slots["codigo_cuenta"] is None
    assert (done.slots.get("cuenta_verificada") is True) is (state == "bien")


def test_a_code_for_another_purpose_verifies_no_account():
    done = act(identity.TryCode, doors=doors(), codigo_cuenta="482913", cuenta="1000001", codigo_proposito="acuerdo")
    assert done.slots["codigo_estado"] == "bien"
    assert "cuenta_verificada" not in done.slots


def test_a_number_that_cannot_be_an_account_is_counted_and_not_looked_up():
    done = act(identity.FindDoor, doors=doors(), cuenta="ABC123")
    assert done.slots["puerta"] == "no_encontrada"
    assert done.facts == {"WrongAccount": {"cuenta": "ABC123"}}


def test_an_errand_that_needs_no_proof_offers_the_account_once():
    assert act(accounts.OfferAccount, doors=doors(HOUSE)).slots["cuenta"] == "1000001"
    assert act(accounts.OfferAccount, doors=doors(HOUSE, SHOP)).slots["identidad_paso"] == "elegir"
    assert "cuenta" not in act(accounts.OfferAccount, doors=doors(HOUSE), cuenta_estado="sin_cuenta").slots
    assert "cuenta" not in act(accounts.OfferAccount, doors=doors()).slots


def test_whoever_withdraws_the_authorisation_is_forgotten_by_the_talk_whatever_was_told() -> None:
    told = {
        "nombre": "Ana", "cuenta": "1000001", "cuenta_verificada": True, "deuda": {"total": 1}, "acuerdo_texto": "…",
        "lugar_visto": {"direccion": "CL 1"}, "datos_autorizados": True,
    }  # fmt: skip
    done = act(WithdrawConsent, **told)
    assert {name: done.slots.get(name, "kept") for name in told} == dict.fromkeys(told)
    assert set(done.facts) == {"ConsentRefused", "PersonForgotten"}
