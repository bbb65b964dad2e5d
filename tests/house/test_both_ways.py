"""The same errand by buttons alone and by words alone: what a button says, words say too."""

from __future__ import annotations

import pytest

from bot.e2e.model import Case
from bot.nlu.understand import Understanding
from bot.simulator import simulator
from tests.support.settings import make_settings

#: Errands whose questions all have options, from the menu to their end; a file or a free text is skipped with «omitir».
ERRANDS = {
    "calificar": (
        ["menú", "Más temas", "La atención", "Calificar atención", "5, muy buena", "No, gracias"],
        "calificar.gracias",
    ),
    "oficinas_horarios": (
        ["menú", "Más temas", "Derechos y tarifas", "Oficinas y horarios"],
        "oficinas_horarios.lista",
    ),
    "atencion_preferencial": (
        ["menú", "Más temas", "La atención", "Pedir preferencia", "No, sigo aquí"],
        "atencion_preferencial.queda",
    ),
    "asesor": (["menú", "Hablar con alguien", "Cuánto falta", "Salir de la fila"], "dejar_fila.hecho"),
}


@pytest.mark.parametrize("way", ["buttons", "labels", "numbers"])
async def test_an_errand_is_walked_by_buttons_by_their_words_and_by_their_numbers(tmp_path, clock, way):
    settings = make_settings(tmp_path)
    async with simulator(settings, clock.now(), understanding=Understanding()) as talk:
        for name, (labels, end) in ERRANDS.items():
            await talk.start(Case(name, "", 0, ()))
            seen = await talk.say(labels[0])
            for label in labels[1:]:
                buttons = [button for reply in seen.replies for button in reply.buttons]
                titles = [title for title, _ in buttons]
                assert label in titles, f"{name}: no «{label}» among {titles}"
                place = titles.index(label)
                if way == "buttons":
                    seen = await talk.say(payload=buttons[place][1])
                else:
                    seen = await talk.say(label.lower() if way == "labels" else str(place + 1))
            assert seen.replies[-1].response == end, f"{name} by {way}: {seen.replies}"
