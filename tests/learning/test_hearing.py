"""What of a talk is kept as a doubt, with what the person meant; and what is not."""

from __future__ import annotations

from datetime import timedelta

from tests.learning.world import consent, hears, open_doubts
from tests.turn.house import Talker


async def ready(talker: Talker, **heard: dict[str, float]) -> None:
    """Bring the talk past its greeting, with the authorisation given."""
    hears(talker, **heard)
    await talker.say("/menu")
    consent(talker)


async def press(talker: Talker, options: list[dict[str, str]], label: str) -> list[str]:
    token = next(option["token"] for option in options if option["label"] == label)
    return [each["response"] for each in await talker.hear("", kind="choice", token=token)]


async def test_what_was_not_understood_is_kept_masked_with_the_errand_begun_next(talker: Talker) -> None:
    await ready(talker)
    said = "la de la esquina 445120 de Marta Gómez está botando eso"
    assert await talker.say(said) == ["patrones.no_entendi"]
    (doubt,) = open_doubts(talker)
    assert doubt.said == "la de la esquina {cuenta} de {nombre} está botando eso"
    assert (doubt.reason, doubt.heard, doubt.choices) == ("no_entendido", 1, {})
    assert doubt.ranking == (("radicar_queja", 0.1), ("saludar", 0.05))

    await talker.say("/reportar_dano")
    (doubt,) = open_doubts(talker)
    assert (doubt.heard, doubt.choices) == (1, {"reportar_dano": 1})


async def test_annoyance_at_not_being_understood_is_not_what_was_meant(talker: Talker) -> None:
    await ready(talker, **{"no sirven": {"frustracion": 0.95}})
    await talker.say("botando eso")
    await talker.say("no sirven")
    (doubt,) = open_doubts(talker)
    assert (doubt.said, doubt.choices) == ("botando eso", {})
    await talker.say("/reportar_dano")
    (doubt,) = open_doubts(talker)
    assert doubt.choices == {"reportar_dano": 1}


async def test_the_same_words_are_one_row_that_counts(talker: Talker) -> None:
    await ready(talker)
    await talker.say("botando eso")
    await talker.say("¡BOTANDO  eso!")
    (doubt,) = open_doubts(talker)
    assert (doubt.said, doubt.heard) == ("botando eso", 2)


async def test_the_button_pressed_after_a_clarification_is_the_label(talker: Talker) -> None:
    said = "me cobraron una visita que nunca hicieron"
    await ready(talker, **{said: {"radicar_queja": 0.48, "radicar_reclamo": 0.45}})
    (asked,) = await talker.hear(said)
    assert asked["response"] == "patrones.aclara"
    assert open_doubts(talker) == []
    await press(talker, asked["options"], "reclamar por la factura")
    (doubt,) = open_doubts(talker)
    assert (doubt.said, doubt.reason, doubt.choices) == (said, "aclarado", {"radicar_reclamo": 1})


async def test_an_errand_dropped_at_once_is_kept_and_what_follows_is_what_was_meant(talker: Talker) -> None:
    said = "se me dañó la factura"
    await ready(talker, **{said: {"reportar_dano": 0.9}})
    await talker.say(said)
    await talker.say("no, eso no era")
    (doubt,) = open_doubts(talker)
    assert (doubt.reason, doubt.choices) == ("cancelado", {})
    await talker.say("/consultar_factura")
    (doubt,) = open_doubts(talker)
    assert (doubt.reason, doubt.heard, doubt.choices) == ("corregido", 1, {"consultar_factura": 1})


async def test_an_errand_taken_back_in_the_words_that_begin_another_is_kept_with_the_other(talker: Talker) -> None:
    said, rather = "se me dañó la factura", "no era eso, quiero un acuerdo"
    await ready(talker, **{said: {"reportar_dano": 0.9}, rather: {"pedir_acuerdo_pago": 0.95}})
    await talker.say(said)
    await talker.say(rather)
    (doubt,) = open_doubts(talker)
    assert (doubt.said, doubt.reason, doubt.choices) == (said, "corregido", {"pedir_acuerdo_pago": 1})


async def test_an_errand_that_goes_on_is_no_doubt(talker: Talker) -> None:
    said = "se dañó el tubo de la calle"
    await ready(talker, **{said: {"reportar_dano": 0.9}})
    await talker.go(said, "agua", "cancelar")
    assert open_doubts(talker) == []


async def test_what_seemed_foreign_is_kept_only_if_an_errand_of_ours_was_meant(talker: Talker) -> None:
    said, other = "la plata del aparato ese", "quién ganó el partido"
    await ready(talker, **{said: {"fuera_de_alcance": 0.9}, other: {"fuera_de_alcance": 0.9}})
    await talker.go(other, "bueno", "gracias pues", "chao entonces")
    assert [each.said for each in open_doubts(talker) if each.reason == "fuera_de_alcance"] == []
    await talker.go(said, "/consultar_factura")
    assert [(each.said, each.choices) for each in open_doubts(talker) if each.reason == "fuera_de_alcance"] == [
        (said, {"consultar_factura": 1})
    ]


async def test_answers_to_what_is_asked_of_the_person_are_never_kept(talker: Talker) -> None:
    await ready(talker)
    await talker.go("/registrar_cuenta", "blablá de la tuerca")
    assert open_doubts(talker) == []


async def test_buttons_dangers_and_letters_are_never_kept(talker: Talker) -> None:
    await ready(talker)
    await talker.go("hay un olor a gas muy fuerte", "/menu", "xyz " * 60, "445120", "😀")
    assert open_doubts(talker) == []


async def test_who_did_not_authorise_leaves_nothing(talker: Talker) -> None:
    hears(talker)
    await talker.say("/menu")
    consent(talker, granted=False)
    await talker.say("botando eso")
    assert open_doubts(talker) == []


async def test_what_was_said_before_the_authorisation_waits_for_it(talker: Talker) -> None:
    hears(talker)
    await talker.say("botando eso")
    assert open_doubts(talker) == []
    consent(talker)
    await talker.say("/menu")
    assert [each.said for each in open_doubts(talker)] == ["botando eso"]


async def test_a_no_lets_go_of_what_waited(talker: Talker) -> None:
    hears(talker)
    await talker.go("/menu", "botando eso")
    consent(talker, granted=False)
    await talker.say("/menu")
    consent(talker)
    await talker.say("/menu")
    assert open_doubts(talker) == []


async def test_a_conversation_gives_only_so_many_a_day(talker: Talker) -> None:
    await ready(talker)
    most = talker.services.settings.nlu.aprender.por_conversacion
    for number in range(most + 2):
        await talker.say(f"botando cosa{chr(97 + number)}")
        await talker.say("/menu")
    assert len(open_doubts(talker)) == most
    talker.clock.move(timedelta(days=1))
    await talker.go("/menu", "botando mañana")
    assert len(open_doubts(talker)) == most + 1


async def test_taking_the_authorisation_back_erases_what_nobody_else_said(talker: Talker) -> None:
    await ready(talker)
    other = Talker(talker.services, talker.clock, "persona-2")
    await other.say("/menu")
    consent(other)
    await talker.go("botando eso", "/menu", "solo mío", "/menu")
    await other.say("botando eso")
    assert "retirar_autorizacion.hecho" in await talker.say("retiro mi autorización")
    assert [(each.said, each.heard) for each in open_doubts(talker)] == [("botando eso", 2)]


async def test_switched_off_nothing_is_kept(talker: Talker) -> None:
    await ready(talker)
    thinker = talker.services.runner.thinker
    nlu = thinker._settings.nlu
    off = nlu.model_copy(update={"aprender": nlu.aprender.model_copy(update={"activo": False})})
    thinker._settings = thinker._settings.model_copy(update={"nlu": off})
    await talker.say("botando eso")
    assert open_doubts(talker) == []
