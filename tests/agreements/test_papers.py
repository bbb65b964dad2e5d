"""What a person accepts: whole, plain, to the peso, the same in the message, in the PDF and in the database."""

import io
import re
from decimal import Decimal

import pytest
from pypdf import PdfReader
from sqlalchemy import text

from bot.agreements import words as words_module
from bot.agreements.document import draw, sheet
from bot.agreements.eligibility import Standing
from bot.agreements.simulation import simulate
from bot.agreements.text import fingerprint, percent
from bot.kernel.errors import CatalogError
from tests.agreements.conftest import TODAY

PESOS = re.compile(r"\$\s([\d.]+)")


def printed(content):
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return text.replace("\u00a0", " ")


def pdf(house, record):
    parts, proof = house.database.read_now(
        lambda uow: (uow.agreements.parts(record.id), uow.agreements.acceptance(record.id))
    )
    page = sheet(record, parts, proof, words=house.words, company=house.company)
    return draw(page, words=house.words, record=record), parts


def test_case_2_is_the_same_in_the_message_the_pdf_and_the_database(house):
    """Aceptación 10."""
    offer = house.offer(10, 1_234_567, estrato=4)
    written = house.written(offer)
    record = house.ask(offer=offer, text=written)
    content, parts = pdf(house, record)
    assert [part.valor for part in parts] == [370_400] + [86_400] * 9 + [86_567]
    assert sum(part.valor for part in parts) == 1_234_567
    said = [int(one.replace(".", "")) for one in PESOS.findall(written)]
    shown = printed(content)
    drawn = [int(one.replace(".", "")) for one in PESOS.findall(shown)]
    assert said.count(86_400) == 9
    assert {370_400, 86_567, 864_167, 1_234_567} <= set(said)
    assert set(said) <= set(drawn)
    assert record.numero in shown


def test_case_3_ends_at_zero_in_the_database_and_on_paper(house):
    """Aceptación 10."""
    policy = house.policy.model_copy(
        update={
            "cuotas": house.policy.cuotas.model_copy(update={"bot": 24}),
            "perfiles": (
                house.policy.perfiles[0].model_copy(update={"inicial_pct": 0, "tasa_mensual_pct": Decimal("0.5")}),
            ),
        }
    )
    standing = Standing(
        deuda_total=1_500_000, en_reclamo=0, facturas_vencidas=3, dias_vencida=90, uso="residencial", estrato=2
    )
    offer = simulate(policy, standing, 24, today=TODAY, days=house.days)
    record = house.ask(offer=offer)
    content, parts = pdf(house, record)
    assert parts[24].saldo == 0
    assert (parts[24].valor, parts[24].interes) == (66_478, 331)
    assert record.interes == 95_541
    assert "$ 66.478" in printed(content)
    assert "$ 95.541" in printed(content)


def test_the_text_says_everything_that_binds(house):
    written = house.written(house.offer(12, en_reclamo=100_000), signer="arrendatario", is_protected=True)
    for words in (
        "NIT", "1000001", "en reclamo", "cuota inicial", "Cuota 12", "intereses", "reconoce", "5 años",
        "2 cuotas sin pagar", "no al dueño", "cuidado especial", "copia", "Política",
    ):  # fmt: skip
        assert words.lower() in written.lower(), words


def test_every_sentence_of_the_text_is_short(house):
    written = house.written(house.offer(12, en_reclamo=100_000), signer="arrendatario", is_protected=True)
    for line in written.splitlines():
        for sentence in re.split(r"(?<=[a-zñ])\. ", line):
            assert len(sentence.split()) <= 22, sentence


def test_the_proof_is_the_hash_of_the_very_text(house):
    record = house.ask()
    proof = house.database.read_now(lambda uow: uow.agreements.acceptance(record.id))
    assert proof.text_sha256 == fingerprint(record.texto)
    assert (proof.palabra, proof.otp_verificado, proof.channel) == ("ACEPTO", True, "terminal")
    shown = printed(pdf(house, record)[0]).replace("\n", "")
    assert proof.text_sha256 in shown


def test_the_text_is_sealed_in_the_database(house):
    house.ask()
    kept = house.database.read_now(lambda uow: uow.conn.execute(text("SELECT texto, datos FROM agreements")).one())
    assert b"Acuerdo" not in kept[0]
    assert b"proteccion" not in kept[1]


def test_the_same_agreement_gives_the_same_small_pdf(house):
    record = house.ask(offer=house.offer(12, 5_400_000, uso="comercial"))
    one, two = pdf(house, record)[0], pdf(house, record)[0]
    assert one == two
    assert len(one) < 60_000


@pytest.mark.parametrize(("value", "shown"), [("0.5", "0,5"), ("0", "0"), ("22.80", "22,8"), ("10", "10")])
def test_percentages_are_written_as_people_do(value, shown):
    assert percent(value) == shown


def test_a_mistake_in_the_words_is_told_with_its_line(tmp_path):
    kept = (words_module.FOLDER / words_module.FILE).read_text(encoding="utf-8")
    (tmp_path / words_module.FILE).write_text(kept.replace("{base}", "{deuda}"), encoding="utf-8")
    with pytest.raises(CatalogError, match=r"acuerdo_texto.yml:\d+: deuda asks for \['deuda'\]"):
        words_module.load(tmp_path)
