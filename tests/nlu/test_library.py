"""Somebody else's assistant is trained and measured from its own Rasa files: the loans desk of a library."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import build
from bot.nlu.data import read_data
from bot.nlu.evaluation import held_out_sentences
from bot.nlu.model import Model
from tests.house.repository import ROOT

LIBRARY = Path(__file__).parent / "library"
MEASURED = {"saludo", "prestar_libro", "renovar_prestamo", "devolver_libro", "faq/horario", "faq/multas"}
#: One of them has a single sentence, and one sentence stands in two of them: it is learnt all the same.
INTENTS = MEASURED | {"faq/wifi"}


def run(*words):
    return CliRunner().invoke(build(), [str(word) for word in words], env={"COLUMNS": "80"})


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """The project under a path that says nothing of tests, and the model trained from it."""
    folder = tmp_path_factory.mktemp("project") / "library"
    shutil.copytree(LIBRARY, folder)
    done = run("train", "--data", folder, "--out", folder / "model.npz")
    assert done.exit_code == 0, done.output
    return folder


@pytest.fixture(scope="module")
def measured(library):
    done = run("evaluate", library / "model.npz", "--data", library, "--json", "--plots", library / "plots")
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def test_its_retrieval_intents_and_metadata_are_read():
    data = read_data(LIBRARY)
    assert set(data.intents) == INTENTS
    assert {example.author for example in data.examples} == {"", "estudiante", "jubilada"}
    assert "no he terminado de leer, ¿me dan más días?" in {example.text for example in data.examples}
    assert data.synonym_of["la voragine"] == "La vorágine"


def test_its_card_tells_what_it_was_made_of(library):
    card = Model.load(library / "model.npz").card
    assert set(card.labels) == INTENTS
    assert card.data_sha256 == read_data(library).sha256
    assert card.figures["accuracy"] > 1 / len(INTENTS)
    assert card.trained_at


def test_its_held_out_sentences_are_measured(measured):
    figures = measured["figures"]
    assert measured["data"] == {"sha256": held_out_sentences(LIBRARY).sha256, "sentences": 7, "is_training_data": False}
    assert figures["accuracy"] >= 5 / 7
    assert figures["top3"] >= figures["accuracy"]
    assert {row["name"] for row in measured["per_intent"]} == MEASURED
    assert {row["author"]: row["sentences"] for row in measured["per_author"]} == {"estudiante": 4, "jubilada": 3}
    assert 0 < figures["p50_ms"] <= figures["p99_ms"]
    assert 0 <= figures["memory_bytes"] < 100_000_000


def test_its_weight_is_that_of_the_file(library, measured):
    assert measured["figures"]["model_bytes"] == (library / "model.npz").stat().st_size


def test_what_it_does_not_have_is_not_measured(measured):
    figures = measured["figures"]
    assert figures["out_of_scope_auroc"] is None
    assert figures["refused_at_5_percent_false_refusals"] is None
    assert figures["emergency_recall"] is None
    assert figures["emergency_false_alarms"] == 0
    # Of its entities only those that we read: «libro» and «dia» are its own.
    assert [(row["name"], row["f1"], row["support"]) for row in measured["per_entity"]] == [("correo", 1.0, 1)]
    assert measured["entities_without_reader"] == {"libro": 1}


def test_it_is_shown_in_a_narrow_terminal(library):
    done = run("evaluate", library / "model.npz", "--data", library)
    assert done.exit_code == 0, done.output
    assert "right intent, in scope" in done.output
    assert "faq/horario" in done.output
    assert "no reader here finds them" in " ".join(done.output.split())
    assert max(len(line) for line in done.output.splitlines()) <= 80


def test_sentences_that_were_trained_on_are_told(library):
    done = run("evaluate", library / "model.npz", "--data", library / "data", "--errors", 0)
    assert "trained on these very sentences" in done.output
    done = run("evaluate", library / "model.npz", "--data", library, "--errors", 0)
    assert "trained on these very sentences" not in done.output


def test_a_model_that_does_not_fit_the_sentences_is_refused(library):
    done = CliRunner().invoke(
        build(), ["evaluate", str(library / "model.npz"), "--data", str(ROOT / "nlu_data"), "--set", "primeras"]
    )
    assert done.exit_code != 0
    assert "does not know the intents of these sentences" in str(done.exception)
    assert "--data" in str(done.exception)


def test_a_set_that_does_not_exist_is_told(library):
    done = run("evaluate", library / "model.npz", "--data", ROOT / "nlu_data", "--set", "nada")
    assert "known: " in str(done.exception)
    assert "primeras" in str(done.exception)


def test_a_file_that_is_no_model_is_told(library):
    done = run("evaluate", library / "domain.yml", "--data", library)
    assert "cannot be read" in str(done.exception)


def test_the_pictures_are_drawn(library, measured):
    from xml.etree import ElementTree as ET

    matrix = ET.parse(library / "plots" / "confusion.svg")
    labels = {text.text for text in matrix.iter("{http://www.w3.org/2000/svg}text")}
    assert labels >= MEASURED
    assert sum(int(text.text) for text in matrix.iter("{http://www.w3.org/2000/svg}text") if text.text.isdigit()) == 7
    ET.parse(library / "plots" / "reliability.svg")
