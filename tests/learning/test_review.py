"""From sentences in doubt to examples: grouped, labelled in the terminal, exported once, refused where they would harm."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import Result
from typer.testing import CliRunner

from bot.bootstrap import open_database
from bot.cli import build
from bot.cli.nlu_walk import Walk
from bot.cli.opened import Opened
from bot.learning import examples, review
from bot.learning.examples import fill, plain_of
from bot.learning.groups import group
from bot.nlu.data import read_data
from storage.db import Database
from tests.learning.world import NOW, keep
from tests.support.settings import ROOT, make_settings

DATA = {
    "es/danos.yml": {"reportar_dano": ["se dañó el contador", "hay una fuga en el andén de la esquina"]},
    "es/facturas.yml": {"consultar_factura": ["cuánto debo", "regáleme el valor del recibo"]},
    "es/tests/primeras/danos.yml": {"reportar_dano": ["se reventó el tubo de mi casa"]},
    "es/tests/final/danos.yml": {"reportar_dano": ["chorrea agua por el contador de enfrente"]},
}
INTENTS = frozenset({"reportar_dano", "consultar_factura"})


def language_data(folder: Path) -> Path:
    for name, intents in DATA.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        entries = [
            {"intent": intent, "examples": "".join(f"- {line}\n" for line in lines)}
            for intent, lines in intents.items()
        ]
        path.write_text(yaml.safe_dump({"version": "3.1", "nlu": entries}, allow_unicode=True), encoding="utf-8")
    return folder


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of an installation with small language data of its own."""
    monkeypatch.chdir(ROOT)
    settings = (ROOT / "config.yaml").read_text(encoding="utf-8")
    data = language_data(tmp_path / "datos")
    own = settings.replace('  datos: "" ', f'  datos: "{data}" ').replace(
        'carpeta: "" ', f'carpeta: "{ROOT / "dialogs"}" '
    )
    (tmp_path / "config.yaml").write_text(own, encoding="utf-8")
    monkeypatch.setenv("ATIENDE_CONFIG", str(tmp_path / "config.yaml"))
    monkeypatch.setenv("ATIENDE_MODE", "test")
    monkeypatch.setenv("ATIENDE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


@pytest.fixture
def database(place: Path) -> Iterator[Database]:
    opened = open_database(make_settings(place), safe=False)
    opened.upgrade()
    yield opened
    opened.close_now()


def run(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(build(), ["nlu", "review", *words], input=typed)


def said(database: Database, *texts: str, **more: Any) -> None:
    database.write_now(lambda uow: [keep(uow, text, **more) for text in texts])


def labelled(database: Database, label: str, *texts: str) -> None:
    said(database, *texts)
    ids = [record.id for record in database.read_now(lambda uow: uow.doubts.in_state("open"))]
    database.write_now(lambda uow: uow.doubts.decide(ids, "labelled", NOW, by="Ana", label=label))


def export(database: Database, place: Path, **more: Any) -> review.Exported:
    target = place / "datos" / "es" / "aprendido.yml"
    return review.export(database, data=place / "datos", target=target, intents=INTENTS, now=NOW, **more)


# --- groups ------------------------------------------------------------------------------------------------------


def test_what_is_alike_is_one_group_and_the_people_say_what_it_is(database: Database) -> None:
    said(database, "está botando agua el tubo", ranking=[("radicar_queja", 0.3)])
    said(database, "esta botando agua ese tubo", chosen="reportar_dano", ranking=[("radicar_queja", 0.3)])
    said(database, "el recibo no ha llegado", ranking=[("consultar_factura", 0.4), ("radicar_queja", 0.1)])
    said(database, "está botando agua el tubo", ranking=[("radicar_queja", 0.3)])
    first, second = database.read_now(lambda uow: group(uow.doubts.in_state("open")))
    assert [member.said for member in first.members] == ["está botando agua el tubo", "esta botando agua ese tubo"]
    assert (first.heard, first.suggestion.intent, first.suggestion.source) == (3, "reportar_dano", "people")
    assert (second.suggestion.intent, second.suggestion.source) == ("consultar_factura", "model")


def test_the_same_sentences_give_the_same_groups_in_whatever_order_they_come(database: Database) -> None:
    said(
        database,
        "no llega agua",
        "no me llega el agua",
        "no llega el agua hoy",
        "cuánto es el recibo",
        "cuánto vale el recibo",
    )
    records = database.read_now(lambda uow: uow.doubts.in_state("open"))
    there, back = group(records), group(records[::-1])
    assert [[member.id for member in each.members] for each in there] == [
        [member.id for member in each.members] for each in back
    ]
    assert 1 < len(there) < len(records)


# --- the terminal ------------------------------------------------------------------------------------------------


def test_the_list_shows_groups_within_eighty_columns(database: Database) -> None:
    said(
        database,
        "está botando agua el tubo de la calle de atrás de la casa de mi tía la del frente",
        chosen="reportar_dano",
    )
    said(database, "y el {sector} qué", reason="cancelado", ranking=[("consultar_corte", 0.31)])
    shown = run("list").output
    assert "reportar_dano, elegido una vez" in shown
    assert "1 vez · se dejó de una vez · consultar_corte? (31 %)" in shown
    assert "2 grupos por revisar." in shown
    assert max(map(len, shown.splitlines())) <= 80
    (only,) = json.loads(run("list", "--json", "--reason", "cancelado").output)
    assert only["sentences"][0]["text"] == "y el {sector} qué"
    assert run("list", "--reason", "otro").exit_code == 2


def test_a_group_is_labelled_whole_and_a_sentence_alone(database: Database) -> None:
    said(database, "está botando agua el tubo", "esta botando agua ese tubo", "otra cosa muy distinta")
    assert "está en el grupo 1" in str(run("label", "2", "reportar_dano").exception)
    assert run("label", "2", "reportar_dano", "--solo", "--by", "Ana").output.startswith("1 frase de reportar_dano")
    assert "reportar_dano" in str(run("label", "1", "reportar_danio").exception)
    assert run("label", "1", "reportar_dano").output.startswith("1 frase")
    assert run("discard", "3").output.startswith("1 frase")
    assert "No hay un grupo 3" in str(run("discard", "3").exception)
    states = database.read_now(lambda uow: uow.doubts.counts())
    assert states == {"labelled": 2, "discarded": 1}
    (ana, _) = database.read_now(lambda uow: sorted(uow.doubts.in_state("labelled"), key=lambda one: one.id != 2))
    assert (ana.said, ana.label, ana.decided_by) == ("esta botando agua ese tubo", "reportar_dano", "Ana")


def test_the_walk_accepts_corrects_drops_undoes_and_ends(database: Database) -> None:
    said(database, "está botando agua el tubo", "esta botando agua ese tubo", chosen="reportar_dano")
    said(database, "el recibo no llegó nunca", "qué vaina pues", "lo del lunes")
    answers = iter(["-2", "", "no_existe", "consultar_factura", "d", "u", "s", "q"])
    asked: list[str] = []

    def ask(question: str) -> str:
        asked.append(question)
        return next(answers)

    with Opened() as opened:
        Walk(opened, sorted(opened.dialogs.domain.intents), ask, staff="Ana").run()
    assert asked[0] == "[reportar_dano] > "
    rows = {state: [one.said for one in database.read_now(lambda uow, state=state: uow.doubts.in_state(state))]
            for state in ("labelled", "discarded", "open")}  # fmt: skip
    assert rows["labelled"] == ["está botando agua el tubo", "el recibo no llegó nunca"]
    assert rows["discarded"] == []
    assert set(rows["open"]) == {"esta botando agua ese tubo", "qué vaina pues", "lo del lunes"}


def test_without_a_keyboard_the_walk_reads_a_pipe(database: Database) -> None:
    said(database, "está botando agua el tubo", chosen="reportar_dano")
    shown = run(typed="\n").output
    assert "→ reportar_dano" in shown
    assert "Grupos decididos: 1." in shown
    assert "No hay nada por revisar." in run().output


def test_the_page_about_it_is_followed_to_the_letter(database: Database, place: Path) -> None:
    page = (ROOT / "docs" / "how-to" / "improve-understanding.md").read_text(encoding="utf-8")
    leaky = "está botando agua el registro de la {direccion}"
    said(database, leaky, chosen="reportar_dano")
    said(database, "esta botando agua ese registro de la {direccion}", chosen="reportar_dano")
    said(database, "mándeme la última de la cuenta {cuenta}", reason="aclarado", chosen="consultar_factura")
    said(database, "jajaja qué vaina")
    said(database, leaky)
    outputs = []
    for line in re.findall(r"^\.venv/bin/atiende (.+)$", page, re.MULTILINE):
        done = CliRunner().invoke(build(), shlex.split(line))
        assert done.exit_code == 0, (line, done.output, done.exception)
        outputs.append(done.output)
    (shown,) = re.findall(r"^```text\n(.+?)^```", page, re.MULTILINE | re.DOTALL)
    assert shown in outputs[0]
    assert len(outputs) == 6
    (written,) = re.findall(r"^```yaml\n(.+?)^```", page, re.MULTILINE | re.DOTALL)
    target = place / "datos" / "es" / "aprendido.yml"
    assert target.read_text(encoding="utf-8").endswith(written)


# --- the examples ------------------------------------------------------------------------------------------------


def test_exported_sentences_are_sorted_examples_and_a_second_run_adds_nothing(database: Database, place: Path) -> None:
    labelled(
        database, "reportar_dano", "zumba el contador", "botando agua en la {direccion}, pagué {dinero} y {dinero}"
    )
    labelled(database, "consultar_factura", "mándeme la de la cuenta {cuenta}")
    done = run("export")
    assert "Agregadas a" in done.output, done.output
    target = place / "datos" / "es" / "aprendido.yml"
    before = target.read_bytes()
    data = read_data(target)
    assert [example.intent for example in data.examples] == ["consultar_factura", "reportar_dano", "reportar_dano"]
    marks = {mark.entity for example in data.examples for mark in example.annotations}
    assert marks == {"cuenta", "direccion", "dinero"}
    assert "{" not in "".join(example.text for example in data.examples)
    assert "Nada nuevo" in run("export").output
    assert target.read_bytes() == before
    assert database.read_now(lambda uow: uow.doubts.counts()) == {"exported": 3}

    labelled(database, "consultar_factura", "a cómo me salió eso este mes")
    run("export")
    after = target.read_text(encoding="utf-8").splitlines()
    assert [line for line in after if line not in before.decode().splitlines()] == [
        "      - a cómo me salió eso este mes"
    ]
    assert [line for line in before.decode().splitlines() if line not in after] == []


def test_what_would_harm_is_refused_and_stays_for_staff(database: Database, place: Path) -> None:
    labelled(
        database,
        "reportar_dano",
        "Cuánto debo",
        "se reventó el tubo de mi casa!",
        "chorrea agua por el contador del frente",
    )
    labelled(database, "no_existe", "botando eso")
    labelled(database, "reportar_dano", "hay una fuga en el anden de la esquina ya", "la casa de Marta Gómez se inunda")
    labelled(database, "reportar_dano", "se dañó el contador")
    done = export(database, place)
    assert {refused.record.said: refused.why.split(":")[0] for refused in done.plan.refused} == {
        "Cuánto debo": "ya es ejemplo de consultar_factura",
        "se reventó el tubo de mi casa!": "es una frase de prueba, apartada para medir",
        "chorrea agua por el contador del frente": "es una frase de prueba, apartada para medir",
        "botando eso": "la intención «no_existe» no existe",
        "hay una fuga en el anden de la esquina ya": "es casi igual a un ejemplo de reportar_dano",
        "la casa de Marta Gómez se inunda": "todavía parece tener un dato personal",
    }
    assert [record.said for record in done.plan.present] == ["se dañó el contador"]
    assert not done.target.exists()
    assert database.read_now(lambda uow: uow.doubts.counts()) == {"labelled": 6, "exported": 1}


def test_words_that_no_example_has_are_shown_because_they_may_be_names(database: Database, place: Path) -> None:
    labelled(database, "reportar_dano", "dígale a yurleinis que se dañó el de la esquina")
    assert "yurleinis" in dict(export(database, place, dry=True).plan.unheard).popitem()[1]
    assert "¿Es un nombre?" in run("export", "--dry").output
    assert database.read_now(lambda uow: uow.doubts.counts()) == {"labelled": 1}
    assert not (place / "datos" / "es" / "aprendido.yml").exists()


@pytest.mark.parametrize("moment", ["before the file", "after the file"])
def test_an_export_that_dies_is_finished_by_the_next(
    database: Database, place: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    labelled(database, "reportar_dano", "zumba el contador", "botando agua el registro")

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        if moment == "before the file":
            patch.setattr(Path, "replace", die)
        else:
            patch.setattr(database, "write_now", die)
        with pytest.raises(KeyboardInterrupt):
            export(database, place)
    assert database.read_now(lambda uow: uow.doubts.counts()) == {"labelled": 2}
    done = export(database, place)
    assert len(done.plan.added) + len(done.plan.present) == 2
    assert sorted(example.text for example in read_data(done.target).examples) == [
        "botando agua el registro", "zumba el contador",
    ]  # fmt: skip
    assert database.read_now(lambda uow: uow.doubts.counts()) == {"exported": 2}


def test_a_file_that_is_no_list_of_examples_is_left_as_it_is(database: Database, place: Path) -> None:
    labelled(database, "reportar_dano", "zumba el contador")
    target = place / "datos" / "es" / "aprendido.yml"
    target.write_text('version: "3.1"\nnlu:\n  - synonym: agua\n    examples: |\n      - awa\n', encoding="utf-8")
    assert "aprendido.yml:3: only intents" in str(run("export").exception)
    assert "synonym" in target.read_text(encoding="utf-8")


def test_a_line_corrected_by_hand_is_kept(place: Path) -> None:
    target = place / "a.yml"
    lines = {"saludar": ["[hola](nombre) usted", "buenas"]}
    target.write_text(examples.written(lines), encoding="utf-8")
    assert examples.written(examples.read_lines(target)) == target.read_text(encoding="utf-8")


def test_invented_values_are_those_of_the_language_data_and_always_the_same() -> None:
    for kind in examples._INVENTED:
        raw = fill(f"mire {{{kind}}} pues")
        assert raw == fill(f"mire {{{kind}}} pues")
        assert f"({kind})" in raw or f'"entity": "{kind}"' in raw
        assert plain_of(raw).startswith("mire ")
        assert "[" not in plain_of(raw)
