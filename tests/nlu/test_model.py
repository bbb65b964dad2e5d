"""The model is loaded without executing anything, and refused when it does not fit."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime

import numpy as np
import pytest

from bot.kernel.errors import ModelError
from bot.nlu.data import read_data
from bot.nlu.model import OUT_OF_SCOPE, Model
from bot.nlu.train import fit, train

NOW = datetime(2026, 3, 18, tzinfo=UTC)

SAID = {
    "saludar": "hola|buenas|buenos dias|buenas tardes|hola como esta|buen dia vecino|saludos|holi|quiubo|que mas",
    "reportar_sin_servicio": "no hay luz|se fue la luz|sin agua desde ayer|no llega el agua|estamos sin gas|quedamos sin energia"
    "|no tengo agua en la casa|se fue el agua en el barrio|no hay luz en la cuadra|sin luz hace horas",
    "radicar_reclamo": "me llego muy caro|el recibo vino carisimo|quiero reclamar por la factura|me cobraron de mas"
    "|cobro doble en el recibo|por que subio tanto la factura|no estoy de acuerdo con el cobro|reclamo por consumo alto"
    "|me clavaron en el recibo|la factura llego disparada",
    "consultar_factura": "cuanto debo|cuando vence la factura|quiero el duplicado del recibo|valor de mi factura"
    "|cuanto tengo que pagar|fecha de pago del recibo|copia de la factura|saldo de mi cuenta|cuanto me llego|total a pagar",
    OUT_OF_SCOPE: "quien gano el partido|vendo moto|una receta de arroz|te amo|que opina del presidente|plan de celular"
    "|chiste por favor|horario del bus|cita con el medico|how are you",
}


@pytest.fixture(scope="module")
def data_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nlu")
    lines = ['version: "3.1"', "nlu:"]
    for intent, said in SAID.items():
        lines += [f"  - intent: {intent}", "    examples: |", *(f"      - {one}" for one in said.split("|"))]
    lines += [
        "  - synonym: energia",
        "    examples: |",
        "      - la luz",
        "  - lookup: sector",
        "    examples: |",
        "      - La Paz",
    ]
    (folder / "a.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def model_file(data_folder, tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "model.npz"
    train(data_folder, path, now=NOW)
    return path


def test_it_learns_what_it_was_told(model_file):
    model = Model.load(model_file)
    for said, intent in [
        ("ola bueans", "saludar"), ("no ay lus", "reportar_sin_servicio"), ("se fue el awa", "reportar_sin_servicio"),
        ("me yego carisimo", "radicar_reclamo"), ("cuanto devo", "consultar_factura"),
    ]:  # fmt: skip
        ranking, _ = model.rank(said)
        assert ranking[0].name == intent, said


def test_confidences_are_one_honest_distribution(model_file):
    model = Model.load(model_file)
    for said in ("no hay luz", "vendo moto", "xyzzy", "", "😀", "123456"):
        ranking, beyond = model.rank(said)
        assert 0 <= beyond <= 1
        assert len(ranking) == len(SAID)
        assert [intent.confidence for intent in ranking] == sorted((i.confidence for i in ranking), reverse=True)
        assert sum(intent.confidence for intent in ranking) <= 1.0001
        assert next(intent.confidence for intent in ranking if intent.name == OUT_OF_SCOPE) == beyond


def test_what_is_none_of_our_business_is_doubted(model_file):
    model = Model.load(model_file)
    assert model.rank("quien gano el partido de ayer")[1] > 0.5
    assert model.rank("no hay luz en mi casa")[1] < 0.5
    assert model.rank("привет")[1] > 0.8
    assert max(intent.confidence for intent in model.rank("5")[0] if intent.name != OUT_OF_SCOPE) < 0.5


def test_the_same_data_give_the_same_model(data_folder, model_file):
    again = fit(read_data(data_folder), now=NOW)
    assert again.rank("no hay luz")[1] == pytest.approx(Model.load(model_file).rank("no hay luz")[1], abs=1e-3)


def test_the_card_tells_where_the_model_comes_from(model_file, data_folder):
    card = json.loads(model_file.with_suffix(".json").read_text(encoding="utf-8"))
    assert card["labels"] == sorted(SAID)
    assert card["data_sha256"] == read_data(data_folder).sha256
    assert card["trained_at"] == "2026-03-18T00:00:00+00:00"
    assert {"accuracy", "out_of_scope_auroc", "calibration_error"} <= set(card["figures"])
    model = Model.load(model_file)
    assert model.synonyms == {"la luz": "energia"}
    assert model.card.lookups == {"sector": ("La Paz",)}


def test_it_explains_itself(model_file):
    model = Model.load(model_file)
    reasons = model.explain("no hay luz", "reportar_sin_servicio")
    assert reasons[0].weight > 0
    assert any("lus" in reason.feature for reason in reasons)
    assert model.explain("no hay luz", "otra_cosa") == ()


def test_it_is_refused_when_the_domain_lacks_an_intent(model_file):
    with pytest.raises(ModelError, match="saludar"):
        Model.load(model_file, set(SAID) - {"saludar"})
    assert Model.load(model_file, {*SAID, "otra"}).labels


def _changed(model_file, tmp_path, **changes):
    with np.load(model_file) as file:
        content = {name: file[name] for name in file.files}
    content.update(changes)
    path = tmp_path / "changed.npz"
    np.savez(path, **content)
    return path


def _card(model_file, **changes):
    with np.load(model_file) as file:
        card = json.loads(file["card"].tobytes())
    return np.frombuffer(json.dumps({**card, **changes}).encode(), dtype=np.uint8)


@pytest.mark.parametrize(
    "damage", ["missing", "text", "truncated", "shape", "format", "features", "card", "pickle", "nan"]
)
def test_a_file_that_does_not_fit_is_refused(model_file, tmp_path, damage):
    path = tmp_path / "model.npz"
    if damage == "text":
        path.write_text("hello", encoding="utf-8")
    elif damage == "truncated":
        path.write_bytes(model_file.read_bytes()[:2000])
    elif damage == "shape":
        path = _changed(model_file, tmp_path, bias=np.zeros(3))
    elif damage == "format":
        path = _changed(model_file, tmp_path, card=_card(model_file, format=99))
    elif damage == "features":
        path = _changed(model_file, tmp_path, card=_card(model_file, signature="other"))
    elif damage == "card":
        path = _changed(model_file, tmp_path, card=np.frombuffer(b"[]", dtype=np.uint8))
    elif damage == "nan":
        with np.load(model_file) as file:
            weights = file["weights"].copy()
        weights[0, 0] = np.nan
        path = _changed(model_file, tmp_path, weights=weights)
    elif damage == "pickle":
        np.savez(path, card=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ModelError, match="atiende train"):
        Model.load(path)


def test_one_intent_is_nothing_to_learn(tmp_path):
    (tmp_path / "a.yml").write_text("nlu:\n  - intent: a\n    examples: |\n      - x\n      - y\n", encoding="utf-8")
    with pytest.raises(ModelError, match="two intents"):
        train(tmp_path, tmp_path / "m.npz", now=NOW)


def test_serving_loads_no_learning_library(model_file):
    code = (
        "import sys; from pathlib import Path; from bot.nlu.model import Model; from bot.nlu.understand import Understanding\n"
        "from datetime import datetime, UTC\n"
        f"u = Understanding(Model.load(Path({str(model_file)!r})))\n"
        "u.hear('no hay luz desde ayer', now=datetime.now(UTC))\n"
        "bad = {'sklearn', 'scipy', 'dateparser', 'rasa_sdk', 'phonenumbers', 'pickle5'} & set(sys.modules)\n"
        "assert not bad, bad"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=60)
