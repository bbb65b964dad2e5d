"""The rules that join the words of danger, and what takes their word back: a past, a mended or a figurative danger.

A rule speaks when one word of each of its groups stands within a window of words, and none of its ``unless`` concepts
appears. Rules are tried in order: first what is certain, then what is only likely. In doubt the answer is danger.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One way in which danger is told.

    ``window`` is in words; ``not_denied`` lets a "no" before it speak against; ``loose`` says that the words are also
    used for other things: a joke, a course, a name; ``unless_reported`` makes it too weak a sign where the message is
    about a fault that was reported before.
    """

    kind: str
    name: str
    groups: tuple[frozenset[str], ...]
    window: int = 7
    unless: frozenset[str] = frozenset()
    not_denied: bool = False
    loose: bool = False
    unless_reported: bool = False


def _rule(
    kind: str,
    needs: str,
    window: int = 7,
    *,
    unless: str = "",
    not_denied: bool = False,
    loose: bool = False,
    unless_reported: bool = False,
) -> Rule:
    groups = tuple(frozenset(group.split("|")) for group in needs.split())
    against = frozenset(unless.split())
    return Rule(kind, f"{kind}: {needs}", groups, window, against, not_denied, loose, unless_reported)


RULES: tuple[Rule, ...] = (
    # certain
    _rule("gas", "HUELE|OLOR GAS", 6, unless="YA_NO", not_denied=True),
    _rule("gas", "DICTADO A_GAS", 3),
    _rule("gas", "HUEVO PODRIDO", 3),
    _rule("gas", "HUELE|OLOR HUEVO", 5),
    _rule("gas", "FUGA GAS", 6, unless="YA_NO"),
    _rule("gas", "FUGA_SOLA SINTOMA|INCONSCIENTE", 14, unless="FACTURA"),
    _rule("gas", "GAS GAS CASA", 3, unless="FACTURA NO"),
    _rule("gas", "OLOR GASERO", 7, unless="AGUA AGUAS AIRE FACTURA NO_HUELE"),
    _rule("gas", "CILINDRO ABIERTA", 3),
    _rule("gas", "LLAVE_GAS ABIERTA HUELE", 12, unless="AGUA FACTURA"),
    _rule("gas", "BOTA GAS", 5, unless="FACTURA", not_denied=True),
    _rule("gas", "ROTO|BOTA|SUENA|TUBO_MAL TUBO_AMARILLO", 9),
    _rule("gas", "BOTA|SUENA|HUELE GASERO", 7, unless="AGUA AGUAS AIRE FACTURA TAPA NO_HUELE"),
    _rule("gas", "MANGUERA ESTUFA ROTO|BOTA|SUENA", 8),
    _rule("gas", "APARATO PRENDIDA SIN_LLAMA", 7),
    _rule("gas", "SE SALE GAS", 5, unless="FACTURA", not_denied=True),
    _rule("gas", "SALE GAS", 2, unless="FACTURA", not_denied=True),
    _rule("gas", "ABIERTA LLAVE_GAS GAS", 5),
    _rule("gas", "MERCAPTANO"),
    _rule("gas", "HUELE FUGA_SOLA", 12, unless="AGUA FACTURA"),
    _rule("gas", "ARDE GARGANTA", 4),
    _rule("gas", "LLENO GAS", 5, unless="FACTURA"),
    _rule("gas", "GAS SUENA|ROTO VALVULA|CILINDRO|TUBO", 8, unless="AGUA FACTURA TAPA NO_HUELE"),
    _rule("gas", "CILINDRO FUGA|BOTA|ROTO|HUELE|EXPLOTO|QUEMANDO", 6),
    _rule("monoxido", "MONOXIDO SUENA|SINTOMA|ROJO", 14),
    _rule("monoxido", "MONOXIDO", loose=True),
    _rule("monoxido", "LLAMA AMARILLA", 6),
    _rule("monoxido", "SINTOMA APARATO", 16, unless="FACTURA"),
    _rule("monoxido", "DEBIL PERSONA|SIENTO APARATO", 12, unless="FACTURA"),
    _rule("monoxido", "MALESTAR ESTUFA", 12, unless="FACTURA"),
    _rule("monoxido", "MUERTO PERSONA|ANIMAL ESTUFA", 12, unless="FACTURA"),
    _rule("monoxido", "DUELE CABEZA APARATO", 18, unless="FACTURA"),
    _rule("monoxido", "NO REACCIONA APARATO", 18, unless="FACTURA"),
    _rule("monoxido", "FAMILIA NO RESPONDE APARATO", 14, unless="FACTURA"),
    _rule("vida", "NO REACCIONA|HABLA INCONSCIENTE|DESCARGA|ENCHUFE|CABLE|AHOGA", 16),
    _rule("vida", "PERSONA NO REACCIONA", 4, unless="FACTURA"),
    _rule("vida", "RESPIRA RARO", 3),
    _rule("electrica", "TOCO ENCHUFE INCONSCIENTE|REACCIONA|PEGADO", 16),
    _rule("electrica", "PEGADO SOLTAR", 8),
    _rule("electrica", "ELECTROCUT", loose=True),
    _rule("electrica", "CHISPA APARATO_LUZ|LINEAS|METAL", 9, not_denied=True, loose=True),
    _rule("electrica", "CHISPA", unless="COBRO_SOLO", not_denied=True, loose=True),
    _rule("electrica", "CABLE CAIDO", 8, unless="FIRMES", not_denied=True),
    _rule("electrica", "CABLE ARCO", 12),
    _rule("electrica", "LINEA_CAIDA"),
    _rule("electrica", "FASE_VIVA"),
    _rule("electrica", "LINEAS CAIDO", 4, unless="LEJOS FACTURA"),
    _rule("electrica", "CABLE|RED_LUZ TENDIDO COSA_CERCA|SUELO|ELECTRICO", 7, unless="LEJOS"),
    _rule("electrica", "DESCARGA|CORRIENTE PERSONA", 7, unless="FACTURA ROBA"),
    _rule("electrica", "METAL PATEA", 4, unless="FACTURA"),
    _rule("electrica", "TOCO METAL INCONSCIENTE", 10),
    _rule("electrica", "CORRIENTE AGUAS CASA", 6, unless="FACTURA"),
    _rule("agua", "MOJA ENCHUFE", 5, unless="FACTURA"),
    _rule("vida", "MUERTO|INCONSCIENTE CABLE|POSTE", 8),
    _rule("electrica", "CABLE TOCA COSA_CERCA", 7),
    _rule("electrica", "AGARRO CABLE", 3, not_denied=True),
    _rule("electrica", "PERSONA SE_QUEMO CORRIENTE|CABLE", 6, unless="ELECTRODOMESTICO"),
    _rule("electrica", "ENERGIZADO", not_denied=True),
    _rule("electrica", "ACOMETIDA POR_TIERRA", 6, unless="CON_DERECHO"),
    _rule("electrica", "PEGADO CABLE|CORRIENTE|ENCHUFE", 5, unless="CON_DERECHO ENGANCHE"),
    _rule("electrica", "RED_LUZ ELECTRICO CAIDO", 6, unless="LEJOS"),
    _rule("electrica", "POSTE_MAL POSTE", 7, unless="NOMENCLATURA", not_denied=True),
    _rule("electrica", "POSTE ABAJO", 1, unless="NOMENCLATURA"),
    _rule("electrica", "POSTE SE_VIENE", 7, unless="NOMENCLATURA"),
    _rule("electrica", "POSTE ENCIMA_DE COSA|CASA|PERSONA|CARRO", 4, unless="NOMENCLATURA"),
    _rule("electrica", "POSTE LADEADO ENCIMA|COSA|SOBRE", 9),
    _rule("electrica", "CORRIENTE DA_CORRIENTE", 4, unless="FACTURA", not_denied=True),
    _rule("electrica", "TRANSFORMADOR EXPLOTO|QUEMANDO|QUEMADO|HUMO|CANDELA|REVIENTA|INCENDIO|CAIDO|LLAMAS", 8),
    _rule("electrica", "APARATO_LUZ HUMO|QUEMANDO|CANDELA|INCENDIO", 7, unless="ELECTRODOMESTICO", not_denied=True),
    _rule("electrica", "APARATO_LUZ HUELE|OLOR QUEMADO", 8),
    _rule("electrica", "TRANSFORMADOR ESTRUENDO", 8),
    _rule("electrica", "APARATO_LUZ ARDE", 4),
    _rule("electrica", "SUMERGIDO ENCHUFE|APARATO_LUZ|TRANSFORMADOR AGUAS|RIO", 14, unless="FACTURA"),
    _rule("electrica", "BAJO ENCHUFE|TRANSFORMADOR AGUAS|RIO|CRECIDA", 14, unless="FACTURA"),
    _rule("electrica", "PERSONA ENCENDIDO LINEAS|CABLE", 9),
    _rule("electrica", "CORTO CIRCUITO", 2),
    _rule("electrica", "CORTOCIRCUITO", not_denied=True, loose=True),
    _rule("electrica", "CIRCUITO EXPLOTO|HUMO|QUEMANDO", 6),
    _rule("electrica", "ARBOL ENCIMA CABLE|POSTE", 8),
    _rule("agua", "AGUAS ENCHUFE MOJA", 8),
    _rule("agua", "AGUAS PARED|LADERA SE_CAE", 12),
    _rule("agua", "CASA SE_CAE AGUAS", 9, unless="FACTURA"),
    _rule("fuego", "VIVIENDA ENCENDIDO", 2, unless="LUZ APARATO APARATO_LUZ ELECTRODOMESTICO FACTURA"),
    _rule("fuego", "INCENDIO", not_denied=True, loose=True),
    _rule("fuego", "CANDELA", not_denied=True, loose=True),
    _rule("fuego", "EN LLAMAS", 1, loose=True),
    _rule("fuego", "HAY LLAMAS", 2),
    _rule("fuego", "HUMO", unless="HUMO_BLANCO", not_denied=True, loose=True),
    _rule("fuego", "HUMO_BLANCO COSA|APARATO_LUZ|TRANSFORMADOR|CASA|APARATO", 8),
    _rule("fuego", "QUEMANDO COSA|SE", 5, unless="ELECTRODOMESTICO COMIDA FELICITA AMENAZA"),
    _rule("fuego", "HUELE|OLOR QUEMADO", 5),
    _rule("agua", "INUND", not_denied=True, loose=True),
    _rule("agua", "TUBO MATRIZ TUBO_MAL", 9, unless="PREGUNTA SIN_RIESGO CON_DERECHO"),
    _rule("agua", "SOCAVON"),
    _rule("agua", "ABRIO HUECO_CALLE", 5),
    _rule("vida", "GRIETA COSA", 7),
    _rule("agua", "HUNDIO SUELO", 6),
    _rule("agua", "SUELO ABRIENDO", 3),
    _rule("agua", "ABRIENDO_SE SE SUELO", 4),
    _rule("agua", "SIN TAPA", 3, unless="OTRA_TAPA DENUNCIA"),
    _rule("agua", "TAPA MENOS POZO_HONDO", 7),
    _rule("vida", "SE_FUE QUIEN HUECO", 9),
    _rule("agua", "POZO_HONDO DESTAPADA", 5, not_denied=True),
    _rule("agua_mala", "AGUAS|TANQUE CONTAMINADA", 6, unless="NOCHES"),
    _rule("agua_mala", "AGUAS ENFERMO_POR", 3, not_denied=True),
    _rule("agua_mala", "ENFERMO AGUAS TANQUE", 12),
    _rule("agua_mala", "ENFERMO BEBIO", 12),
    _rule("agua_mala", "ENFERMO TANQUE", 12, unless="FACTURA"),
    _rule("agua_mala", "AGUAS ENFERMO DESDE", 12, unless="NO FACTURA"),
    _rule("agua_mala", "TOXICO TANQUE", 8, not_denied=True),
    _rule("agua_mala", "AGUAS ENFERMO AGUA_USO", 16, not_denied=True),
    _rule("agua_mala", "AGUAS DUELE|FEO BARRIGA", 14),
    _rule("agua_mala", "ENFERMO POR_CAUSA AGUAS", 6, unless="NO_BEBIDA"),
    _rule("agua_mala", "AGUAS HUELE|OLOR|SABOR VENENO", 7),
    _rule("agua", "AGUAS NEGRAS DEVOLVIO CASA", 10),
    _rule("agua", "AGUAS NEGRAS CASA", 10, unless="AFUERA"),
    _rule("agua", "DESBORDO POZO_HONDO CASA", 7, unless="AFUERA"),
    _rule("agua", "MIERDA DEVOLVIO", 6),
    _rule("agua", "MIERDA BROTA CASA", 8, unless="AFUERA FACTURA"),
    _rule("agua", "CRECIDA ENTRA CASA", 11, unless="AFUERA"),
    _rule("agua", "CRECIDA GENTE TECHOS", 10),
    _rule("agua", "CRECIDA ENCARAMADO", 14),
    _rule("agua", "RIO SE_SALIO", 5, unless="FACTURA"),
    _rule("agua", "SIN CUBIERTA POZO_HONDO", 9),
    _rule("agua", "AGUAS CUERPO|PIERNA", 7, unless="BAJO"),
    _rule("vida", "AUXILIO", unless="FACTURA TRAMITE", loose=True),
    _rule("vida", "PERSONA CAYO HUECO", 9),
    _rule("vida", "HERIDO", unless="COBRO_SOLO", not_denied=True, loose=True),
    _rule("vida", "ENTERRADO PERSONA", 6, unless="FACTURA"),
    _rule("vida", "OBRERO TAPADO TIERRA", 7),
    _rule("vida", "LE_DIO INFARTO", 3, unless="FACTURA"),
    _rule("vida", "SIN_AIRE", unless="DEUDA FACTURA"),
    _rule("vida", "AHOGA PERSONA", 4, unless="DEUDA"),
    _rule("vida", "SUICIDIO"),
    _rule("vida", "MATARSE", unless="MUERE_DICHO"),
    _rule("vida", "ME_QUIERO MATAR", 2, unless="MUERE_DICHO"),
    _rule("vida", "QUITAR VIDA", 2),
    _rule("vida", "TOMO_YO VENENO_DE_CASA", 3),
    _rule("vida", "MUERE", unless="MUERE_DICHO FACTURA", loose=True),
    _rule("vida", "MATAR_ME", 2, unless="FACTURA MUERE_DICHO"),
    _rule("vida", "NO QUIERO VIVIR", 3, unless="CASA"),
    _rule("vida", "MATAR ALGUIEN", 3),
    _rule("vida", "ATRAPADO", unless="DEUDA"),
    _rule("vida", "NO_PUEDE RESPIRA", 3),
    _rule("vida", "VITAL LUZ", 20, unless="AVISO ANTICIPO"),
    _rule("vida", "CONECTADO VITAL|MAQUINA BATERIA", 14, unless="AVISO ANTICIPO"),
    _rule("vida", "CONECTADO MAQUINA LUZ", 14, unless="AVISO ANTICIPO DERECHO"),
    _rule("vida", "DERRUMBE", unless="CUOTA_CITA LEJOS HAY_PASO", loose=True),
    _rule("vida", "PARED SE_CAE", 6, loose=True),
    _rule("vida", "PARED|LADERA|COSA|POSTE CAE_ABAJO", 6, loose=True),
    _rule("vida", "LADERA VINIENDO", 6),
    _rule("vida", "LADERA TAPO CASA|SUELO", 9),
    _rule("vida", "TANQUE|PARED POR_CAERSE", 6),
    _rule("vida", "MANDEN AMBULANCIA", 4),
    _rule("vida", "LLAMAR BOMBEROS", 5, unless="TASA ESTACION TEMA", loose=True),
    _rule("vida", "PELIGRO PELIGRO_DE", 4, not_denied=True, loose=True),
    _rule("vida", "HAY PELIGRO", 3, not_denied=True, loose=True),
    # likely: in doubt, danger
    _rule("gas", "HUELE|OLOR SINTOMA", 7, unless="MALA_FUENTE AGUA AGUAS YA_PUESTO", loose=True),
    _rule("gas", "OLOR RARO|FEO", 4, unless="MALA_FUENTE AGUA YA_PUESTO", loose=True),
    _rule("gas", "HUELE RARO|FEO", 4, unless="MALA_FUENTE AGUA YA_PUESTO", not_denied=True, loose=True),
    _rule("gas", "HUELE|OLOR PODRIDO", 5, unless="MALA_FUENTE AGUA YA_PUESTO", loose=True),
    _rule("gas", "VALVULA_GAS ROTO", 5, unless="AGUA"),
    _rule(
        "gas",
        "HAY|BRAVA|SUENA|SIGUE|HACER FUGA_SOLA",
        5,
        unless="AGUA AGUA_ABIERTA TUBERIA CARRO LEJOS FACTURA YA_PUESTO PREGUNTA",
        loose=True,
        unless_reported=True,
    ),
    _rule("electrica", "EXPLOTO LUZ", 12),
    _rule("fuego", "EXPLOTO", unless="AGUA TUBERIA FACTURA FIGURADO", loose=True),
    _rule("vida", "EMERGENCIA", unless="OTRA_EMERGENCIA", not_denied=True, loose=True),
)

#: What takes the word of every rule back, unless the message goes on ("pero sigue…"): mistaken, praised, long ago, asked.
CALM: tuple[Rule, ...] = (
    _rule("", "FALSA ALARMA", 1, unless="SIGUE"),
    _rule("", "NO_ERA", unless="SIGUE HUELE"),
    _rule("", "FELICITA|ELOGIO", unless="SIGUE HUELE NO"),
    _rule("", "ANTES COBRO|ME_DEBEN", 40, unless="AHORA HUELE"),
    _rule("", "INCENDIO|INUND|EXPLOTO|DERRUMBE AYER DESPUES_DE_TODO", 14, unless="SIGUE HUELE CABLE POSTE AHORA"),
    _rule(
        "", "INCENDIO|INUND|EXPLOTO ANTES RESPONDIERON|FACTURA|DESPUES_DE_TODO", 20, unless="SIGUE HUELE CABLE AHORA"
    ),
    _rule("", "QUE_HACER CONDICION", 6, unless="SIGUE AHORA"),
    _rule("", "A_QUE HUELE", 2, unless="SIGUE AHORA NO CASA RARO FEO OLOR"),
    _rule("", "POR_QUE VIENE_CON", 6, unless="SIGUE AHORA CASA RARO FEO"),
    _rule("", "COMO_VA", unless="SIGUE HUELE CHISPA CANDELA QUEMANDO"),
)

#: What takes the word of the learnt table and of the model alone: a place, a trade, a way of speaking, an errand.
NOT_LEARNT: tuple[Rule, ...] = (
    _rule("", "ESTACION BOMBEROS", 5),
    _rule("", "COMERCIO GAS|CILINDRO|ESTUFA", 7),
    _rule("", "AL_CORRIENTE"),
    _rule("", "TRAMITE URGENTE", 8),
    _rule("", "SALTA ENCHUFE", 3, unless="HUELE"),
)

#: Concepts beside which a loose rule is only a way of speaking or a lesson; ``SIGUE`` speaks against that.
SOFT = frozenset("FIGURADO TEMA FELICITA".split())

#: What kind of danger it is that only the table heard, by the first concept that the message names.
TELLING: tuple[tuple[str, str], ...] = tuple(
    (concept, kind)
    for kind, concepts in {
        "gas": "GAS MERCAPTANO GASERO",
        "monoxido": "MONOXIDO ESTUFA",
        "electrica": "ELECTROCUT CABLE CHISPA CORRIENTE TRANSFORMADOR POSTE ENCHUFE DESCARGA LINEAS ELECTRICO",
        "fuego": "CANDELA INCENDIO HUMO QUEMANDO LLAMAS EXPLOTO",
        "agua_mala": "ENFERMO BARRIGA CONTAMINADA",
        "agua": "NEGRAS MIERDA INUND POZO_HONDO CRECIDA TUBO",
    }.items()
    for concept in concepts.split()
)

#: Right before a word of danger they make it a name.
NAMES = frozenset("barrio vereda llamo llama dona don nombre sector urbanizacion senora".split())

#: Two words that make one concept.
PAIRS: dict[tuple[str, str], str] = {
    (pair.split()[0], pair.split()[1]): concept
    for concept, pairs in {
        "YA_NO": "ya no",
        "A_GAS": "a gas|a mas",
        "NO_ERA": "no era|no fue",
        "MATAR_ME": "a matar|a matarme|se matan",
        "COMO_VA": "como va|va mi|va el|de radicado|numero radicado",
        "ME_DEBEN": "me deben",
        "ELOGIO": "excelente atencion|buena atencion|gran labor|muy profesional|muy profesionales|quito el",
        "SIN_RIESGO": "sin riesgo|charco grande|charco grueso",
        "SE_VIENE": "se viene|se vino|viene encima|viniendo encima|se vienen",
        "HUMO_BLANCO": "humo blanco",
        "SE_SALIO": "se salio|se desbordo|se crecio|viene con|se revento|esta desbordada",
        "MALESTAR": "siento mal|sentimos mal|siente mal|sienten mal",
        "POR_CAERSE": "por caerse|por caer|a caer|a caerse|por venirse",
        "ME_QUIERO": "me quiero|se quiere",
        "MATARSE": "quiero matarme|quiere matarse|quiero morir|quiere morirse|mejor morirme",
        "AL_CORRIENTE": "al corriente|y corriente",
        "QUE_HACER": "que hago|que hacer|que debo|que hacemos|que toca",
        "CONDICION": "algun dia|en caso|si llegara",
        "A_QUE": "a que",
        "POR_QUE": "por que",
        "VIENE_CON": "viene con|le ponen|le echan|le agregan",
        "AMENAZA": "me queman|nos queman",
        "HAY_PASO": "hay paso|hubo paso|dan paso|dieron paso|dar paso",
        "FIRMES": "cables firmes|cable firme",
        "ELECTRODOMESTICO": "mi planta|una planta",
        "TUBO_AMARILLO": "tubo amarillo|tuberia amarilla|manguera amarilla|linea amarilla",
        "CANDELA": "on fire|fire in|the fire|a fire",
        "SIN_AIRE": "estamos asfixiando|estoy asfixiando|me asfixio|nos asfixiamos|estamos ahogando|nos ahogamos",
        "LE_DIO": "le dio|le esta|esta dando|le da",
        "INCONSCIENTE": "sin moverse|sin sentido|sin respirar|sin reaccionar|quedo frito|quedo tieso|quedo seco",
        "LINEA_CAIDA": "line down|lines down|wire down|wires down|downed power|downed line",
        "FASE_VIVA": "fase viva|linea viva|cable vivo|fases vivas|lineas vivas",
        "SIN_LLAMA": "sin llama",
        "NO_HUELE": "no huele",
        "DESDE": "desde que|dende que|despues de",
        "CAE_ABAJO": "vino abajo|viene abajo|vinieron abajo|va abajo",
        "FIGURADO": "te explotan|me explotan|nos explotan|lo explotan|los explotan|me bota|carro bota|moto bota|que exploto|electrizado con|chispas con|chispa de|mucha chispa|falta chispa|primeros auxilios|de candela|candela viva|es fuego|un fuego",
    }.items()
    for pair in pairs.split("|")
}

#: A message made of nothing but these words, with one that cries for help, is danger too.
CRY = frozenset("urgente urgencia peligro auxilio sos emergencia emergency fire bomberos".split())
#: These cry only beside "ya": "manden a alguien ya".
CRY_NOW = frozenset("manden vengan".split())
CRY_BESIDE = frozenset(
    "a manden vengan help me please is there a by my por favor es muy ya rapido hola buenas senor senora necesito hay que estoy en una un me de pronto alguien ayuda ayudenme ayudeme".split()
)

#: Phrases that survive lost or misplaced spaces; compared by sound in the whole message without its spaces.
JOINED: tuple[tuple[str, str], ...] = (
    ("huele a gas", "gas"),
    ("huelo a gas", "gas"),
    ("huele gas", "gas"),
    ("ole a gas", "gas"),
    ("ule a gas", "gas"),
    ("sale gas por", "gas"),
    ("olor a gas", "gas"),
    ("olor de gas", "gas"),
    ("fuga de gas", "gas"),
    ("escape de gas", "gas"),
    ("huevo podrido", "gas"),
    ("cable caido", "electrica"),
    ("cable pelado", "electrica"),
    ("echando chispas", "electrica"),
    ("se electrocuto", "electrica"),
    ("poste caido", "electrica"),
    ("se esta inundando", "agua"),
    ("se esta quemando", "fuego"),
    ("hay un incendio", "fuego"),
    ("llama amarilla", "monoxido"),
    ("se quema la casa", "fuego"),
    ("estamos quemando", "fuego"),
    ("esta kemando", "fuego"),
)
