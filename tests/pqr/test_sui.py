"""The SUI code that the words of a person suggest to staff; they confirm it, and people never see it."""

from __future__ import annotations

import pytest

from bot.kernel.clock import FrozenClock
from bot.pqr import constancia, sui
from bot.pqr.catalog import load
from bot.pqr.errors import UnknownKind
from bot.pqr.law import Law
from bot.pqr.lifecycle import Actor
from storage.db import Database
from tests.pqr.conftest import FilePqr
from tests.support.rows import every_row

SAID = [
    (101, "me hicieron un aforo de la basura y quedó mal"),
    (101, "no estoy de acuerdo con los metros que me aforaron en el aseo"),
    (102, "ese consumo no es mío, en la casa solo vivimos dos personas"),
    (102, "la lectura que aparece no coincide con la del contador"),
    (102, "el medidor está dañado, corre rápido aunque cierre todo"),
    (103, "me están cobrando algo de tres años atrás"),
    (103, "me llegó un cobro retroactivo que nadie me explicó"),
    (105, "me cobran el aseo y no pasa el carro por mi vereda"),
    (105, "llevan facturándome alcantarillado y yo no tengo alcantarillado"),
    (105, "el apartamento está desocupado y me siguen cobrando"),
    (106, "en la factura el nombre del titular está mal escrito"),
    (106, "la dirección que sale en el recibo está equivocada"),
    (107, "me cobraron dos veces el mismo mes"),
    (107, "me llegaron dos recibos del mismo periodo"),
    (107, "cobro acumulado de cuatro meses en una sola factura"),
    (108, "nunca me llega la factura y después me cortan"),
    (108, "el recibo me llegó tarde, ya vencido"),
    (109, "me cobraron la reconexión y nunca me cortaron"),
    (109, "por qué me cobran reinstalación si no hubo suspensión"),
    (110, "me cambiaron el medidor sin preguntar y ahora lo cobran a cuotas"),
    (110, "me quieren cobrar el contador nuevo"),
    (111, "los intereses de mora que me ponen son muy altos"),
    (111, "no me respetaron el acuerdo de pago que hice"),
    (112, "me quitaron el subsidio del agua"),
    (113, "me cobran un seguro que yo nunca autoricé"),
    (113, "nunca pedí ese crédito que viene en el recibo"),
    (115, "pedí la suspensión temporal del servicio porque viajo y no la hicieron"),
    (117, "mi casa es estrato 2 y la factura dice 3"),
    (118, "me tienen como comercial y es mi casa de familia"),
    (119, "la tarifa del agua subió y nadie avisó"),
    (120, "me cobraron por promedio teniendo el medidor bueno"),
    (120, "el consumo es estimado, nadie vino a leer el contador"),
    (121, "me están cobrando la lectura del contador de la vecina"),
    (121, "los medidores están cruzados con el del lado"),
    (122, "ya pagué la factura de mayo y sigue apareciendo la deuda"),
    (122, "consigné el lunes y no me aplicaron el pago"),
    (123, "el inquilino se fue debiendo siete meses y no le cortaron, pido rompimiento de solidaridad"),
    (124, "me cobran la revisión del gas y nadie vino"),
    (124, "me cobraron una visita técnica que no pedí"),
    (127, "la luz me llegó al doble este mes"),
    (127, "el recibo llegó carísimo, se disparó de un mes a otro"),
    (127, "me clavaron, vino un ojo de la cara"),
    (129, "me cobran una recuperación de consumos"),
    (133, "dicen que hice una reconexión no autorizada"),
    (303, "no hay agua hace tres días en el barrio"),
    (303, "el camión de la basura no pasa desde el jueves"),
    (303, "se va la luz todas las noches"),
    (304, "el agua sale amarilla y con tierra"),
    (304, "la luz está bajita y titila, bajones de voltaje"),
    (306, "hay un poste que se va a caer y es un peligro"),
    (308, "quiero cancelar el servicio de gas"),
    (308, "necesito terminar el contrato porque voy a demoler la casa"),
    (309, "me suspendieron el agua estando al día"),
    (309, "me cortaron la luz sin avisar"),
    (312, "yo nunca firmé nada con ustedes"),
    (314, "están botando el vertimiento a la quebrada"),
    (315, "la señora de la ventanilla me gritó"),
    (315, "llevo una hora llamando y no contestan"),
    (315, "el técnico fue grosero con mi mamá"),
    (316, "la alcantarilla de la esquina está rebosada"),
    (316, "se reventó un tubo en la calle y está botando agua"),
    (401, "dejaron mal hecha la acometida del gas"),
    (402, "pedí el servicio hace seis meses y no me han conectado"),
]


@every_row(("code", "words"), SAID)
def test_the_words_suggest_a_code(code: int, words: str) -> None:
    assert sui.suggest(words, load()) == code


@pytest.mark.parametrize(
    "words", ["necesito un certificado de paz y salvo", "buenas tardes", "", "😡😡", "x" * 100_000]
)
def test_words_that_say_nothing_of_it_suggest_nothing(words: str) -> None:
    assert sui.suggest(words, load()) is None


def test_a_claim_is_filed_with_its_suggestion_and_the_person_does_not_see_it(
    file_pqr: FilePqr, database: Database, law: Law, settings
) -> None:
    filed = file_pqr(relato="me cobraron la reconexión y nunca me cortaron")
    case = database.read_now(lambda uow: uow.cases.get(filed.caso_id))
    assert case is not None
    assert (case.datos["sui_tramite"], case.datos["sui_detalle"]) == (1, 109)
    assert sui.text_of(109, law.catalog) == "109 F Conexión, reconexión, reinstalación"
    told = constancia.plain(case, law=law, settings=settings) + constancia.message(case, "", law=law)
    assert "109" not in told.replace(case.content_hash, "")


def test_what_is_not_reported_gets_no_code(file_pqr: FilePqr, database: Database) -> None:
    filed = file_pqr(tipo="sugerencia", relato="no cobren la reconexión")
    case = database.read_now(lambda uow: uow.cases.get(filed.caso_id))
    assert case is not None
    assert "sui_detalle" not in case.datos


def test_staff_confirm_another_code_and_the_newest_counts(
    file_pqr: FilePqr, database: Database, law: Law, clock: FrozenClock
) -> None:
    filed = file_pqr(relato="me cobraron la reconexión y nunca me cortaron")
    ana = Actor("personal", "ana")

    def confirm(code: int) -> None:
        def work(uow) -> None:
            sui.confirm(uow, uow.cases.get(filed.caso_id), code, at=clock.now(), actor=ana, catalog=law.catalog)

        database.write_now(work)

    confirm(105)
    confirm(104)
    assert database.read_now(lambda uow: sui.confirmed(uow.cases.events(filed.caso_id))) == 104
    assert sui.text_of(104, law.catalog) == "104 sin texto verificado"
    with pytest.raises(UnknownKind, match="there is no SUI code 999"):
        confirm(999)
