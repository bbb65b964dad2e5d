"""Plain language as rules that a test can check (domain document §9), and values to render every wording with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from typing import Any

from bot.kernel.config import load_settings
from bot.knowledge.load import legal_terms
from bot.knowledge.load import load as load_knowledge
from bot.knowledge.model import plain
from bot.pqr.catalog import load as load_catalog
from dialogs.engine.flow import Dialogs, Response
from dialogs.wording import Rendered, render
from tests.dialogs.agreement_values import AGREEMENT_VALUES
from tests.dialogs.bill_values import BILL_VALUES
from tests.dialogs.community_values import COMMUNITY_KNOWN, COMMUNITY_VALUES
from tests.support.settings import ROOT

MOST_WORDS, MOST_SENTENCES, MOST_QUESTIONS, MOST_OPTIONS = 20, 3, 1, 7
BUTTON, ROW = 20, 24

BANNED = (
    "no aplica", "improcedente", "sírvase", "allegar", "allegue", "incoar", "de conformidad con", "estimado", "apreciado",
    "nos permitimos", "por medio de la presente", "el suscrito", "en aras de", "mediante el cual", "dar trámite",
    "proceder a", "procederemos", "cordialmente", "su señoría",
)  # fmt: skip

FAMILIAR = (
    "tú", "tu", "tus", "ti", "te", "contigo", "tuyo", "tuya", "vos", "puedes", "quieres", "tienes", "eres", "necesitas",
    "debes", "sabes", "dime", "cuéntame", "escríbeme", "envíame", "llámanos", "hazlo", "podés", "querés", "tenés", "decime",
    "contame", "escribime", "che", "quieras", "puedas", "tengas",
)  # fmt: skip

#: Capitals that people know, or that the law's fixed texts shout.
KNOWN_CAPITALS = frozenset(
    "NIT PDF E.S.P. CL KR PUEDE SER FUGA DE GAS MONÓXIDO CC CE TI PPT PA QR MB RUTA CARPETA ACEPTO AP".split()
)

_DOTS_INSIDE = re.compile(
    r"\d{1,2}:\d\d[\s\u00a0](?:[ap]\.[\s\u00a0])?m\.|E\.S\.P\.|(?<=\d)\.(?=\d)|https?://\S+|\S+@\S+|(?m:^\d+\))"
)
_SENTENCE_END = re.compile(r"[.!?…]+(?=\s|»|$)|\n")
_WORD = re.compile(r"[^\W_][\w/@.,:-]*")
_QUOTED = re.compile(r"«[^»]*»")


def sentences(text: str) -> list[str]:
    """Cut a bubble into sentences: at marks and at line ends; abbreviations, numbers, links and quotations stay whole."""
    whole = _QUOTED.sub("«cita»", text.replace("**", ""))
    whole = _DOTS_INSIDE.sub("dato", whole)
    return [part.strip() for part in _SENTENCE_END.split(whole) if _WORD.search(part)]


def words(sentence: str) -> list[str]:
    """Return the words of a sentence; a number, a date's day and a link are one each."""
    return _WORD.findall(sentence)


def troubles(text: str, *, most_sentences: int = MOST_SENTENCES, most_questions: int = MOST_QUESTIONS) -> Iterator[str]:
    """Say what is wrong with a text that a citizen reads."""
    found = sentences(text)
    for sentence in found:
        if len(words(sentence)) > MOST_WORDS:
            yield f"{len(words(sentence))} words: {sentence}"
    if len(found) > most_sentences:
        yield f"{len(found)} sentences"
    if text.count("?") > most_questions:
        yield f"{text.count('?')} questions"
    folded = text.lower()
    yield from (f"banned: {phrase}" for phrase in BANNED if phrase in folded)
    yield from (f"not usted: {word}" for word in FAMILIAR if re.search(rf"(?<![\w-]){word}(?![\w-])", folded))
    clean = re.sub(r"https?://\S+|\S+@\S+|«[^»]*»", "", text)
    capitals = set(re.findall(r"\b[A-ZÁÉÍÓÚÑ]{2,}\b", clean))
    yield from (f"unexplained: {mark}" for mark in sorted(capitals - KNOWN_CAPITALS - {"E", "S", "P"}))
    for wrong, pattern in _TYPOGRAPHY.items():
        if re.search(pattern, text):
            yield wrong


_TYPOGRAPHY = {
    "two full stops": r"\.\.(?!\.)",
    "two spaces": r"\S  ",
    "a space before a mark": r"\s[.,;:!?](?:\s|$)",
    "a template shows": r"\{\{|\}\}|\{%|None\b|undefined",
    "an empty line inside": r"\n\n",
    "an exclamation": r"[¡!]",
}

_CASE = {
    "tipo": "reclamo", "radicado": "20260010000042", "servicio": "agua", "estado": "en_tramite", "anexos": 0,
    "radicado_at": "2026-11-22T07:51:00-05:00", "vence_on": "2026-12-14", "dias": 15, "respuesta": "", "requiere": "",
    "respondido_at": "", "caso_id": "caso-1", "recurso_hasta": "2026-11-30", "recurso_tarde": False,
}  # fmt: skip
_OUTAGE = {
    "estado": "avisada",
    "desde_at": "2026-03-20T08:00:00-05:00",
    "servicio": "agua",
    "sector": "La Esperanza",
    "causa": "se rompió un tubo",
    "vuelve_at": "2026-11-23T16:00-05:00",
    "fase": "en_curso",
    "indicaciones": "Guarde agua de la que tenga.",
    "noticia_at": "2026-11-23T15:00-05:00",
    "actualizado_at": "2026-11-23T12:00-05:00",
}

_POINT = {
    "nombre": "Oficina central", "direccion": "CL 10 # 5-20", "horario": "lunes a viernes", "tipo": "atencion",
    "distancia_m": 320, "abierto": None,
}  # fmt: skip

_NOTICE = {
    "servicio": "agua",
    "sector": "La Esperanza",
    "cuando": "el viernes 27 de noviembre, de 8:00 a. m. a 2:00 p. m.",
    "vuelve": "a las 2:00 p. m.",
    "causa": "cambio de una válvula",
    "noticia": "a las 3:00 p. m.",
    "periodo": "noviembre",
    "limite": "dos cuotas",
    "trabajo": "cambio de tubería",
    "consejo": "cierre la llave mientras se enjabona.",
    "numero": "2026-000001",
    "cuotas": 4,
    "incumplidas": 2,
    "saldo": 384_000,
    "vence_on": "2026-12-14",
    "motivo": "Falta un documento.",
}

#: Sensible values by name; several where the wording branches on them.
VALUES: Mapping[str, list[Any]] = {
    **AGREEMENT_VALUES,
    **BILL_VALUES,
    **COMMUNITY_VALUES,
    "lugar_emergencia": ["calle 5 # 3-20", None],
    "nombre_persona": ["Amparo", ""],
    "novedades": [True, None],
    "alone": [True, False],
    "tipo_pqr": ["peticion", "queja", "reclamo", "recurso", "denuncia", "sugerencia", "felicitacion", "habeas_data"],
    "insistir_hasta": ["2026-11-27"],
    "noticia_caso": [
        {
            "radicado": "20260010000042",
            "requiere": "la foto del medidor.",
            "completar_hasta": "2026-12-30",
            "recurso_hasta": until,
            "porque": "esperamos el informe del laboratorio.",
            "vence_on": "2026-12-14",
        }
        for until in ("2026-11-30", "")
    ],
    "tipo_radicado": ["peticion", "sugerencia", None],
    "pide_apelacion": [True, None],
    "lugar_hechos": ["junto a la cancha"],
    "valor_reclamado": [187_300, None],
    "pago_explicado": ["Mientras decidimos no debe pagar lo que reclama.", ""],
    "ampliacion": ["fue el jueves", None],
    "ampliado": ["si", "reanudado", "tarde"],
    "retirado": [True, False],
    "servicio": ["agua", "energia", "gas", "aseo"],
    "anonimo": [True, None],
    "cuenta": ["1000001", None],
    "cuenta_vista": [{"barrio": "La Esperanza", "titular": "L*** R***"}],
    "nombre": ["Persona de Prueba", None],
    "documento": ["1098765432"],
    "correo": ["prueba@correo.example", None],
    "acepta_correo": [True],
    "anexos": [[], [{"file_id": "f1"}], [{"file_id": "f1"}, {"file_id": "f2"}]],
    "relato": ["no estoy de acuerdo con el cobro"],
    "radicado_recurrido": ["20260010000012", None],
    "factura_emitida_on": ["2026-11-03"],
    "radicado": ["20260010000042"],
    "codigo_consulta": ["7K3M9QXA"],
    "fecha_limite": ["2026-12-14"],
    "radicado_at": ["2026-11-22T07:51:00-05:00"],
    "nota": [1, 5],
    "radicado_calificado": ["20260010000042"],
    "fila": [
        {"estado": "en_fila", "turno": 3, "espera_min": 24, "abierto": True, "proxima_apertura": ""},
        {"estado": "con_persona", "turno": 0, "espera_min": 0, "abierto": True, "proxima_apertura": ""},
        {
            "estado": "en_fila",
            "turno": 1,
            "espera_min": 8,
            "abierto": False,
            "proxima_apertura": "2026-11-23T08:00:00-05:00",
        },
    ],
    "notas": [None, ["Lo recibimos sin su nombre."]],
    "lista_casos": [[{"radicado": f"2026001000004{last}", "tipo": "queja", "estado": "radicado"} for last in range(5)]],
    "tipo_emergencia": ["gas", "monoxido", "electrica", "agua", "agua_mala", "fuego", "vida", None],
    "oficina": [
        {"abierto": True, "proxima_apertura": "", "horario": ""},
        {"abierto": False, "proxima_apertura": "2026-11-23T08:00:00-05:00", "horario": ""},
    ],
    "plazos": [dict(legal_terms())],
    "cifras": [{name: plain(each.valor) for name, each in load_knowledge().figures.items()}],
    "leccion_correcta": ["15 días hábiles"],
    "puntos": [
        [_POINT],
        [_POINT, {**_POINT, "tipo": "pago", "distancia_m": 2400, "abierto": True}, {**_POINT, "abierto": False}],
    ],
    "cortes_lugar": [[_OUTAGE], [{**_OUTAGE, "fase": "anunciado", "vuelve_at": "", "noticia_at": ""}, _OUTAGE]],
    "falla_servicio": ["agua", "energia", "gas", "aseo"],
    "lugar_texto": ["CL 5 # 4-20, La Esperanza, Valle Verde"],
    "ciudad_dicha": ["Soacha"],
    "lejos_km": [225, None],
    "numero_nuevo": ["R-2026-000123", None],
    "datos_autorizados": [True, None],
    "reporte_cerca": [
        {"personas": 1, "metros": 120, "tipo": "fuga"},
        {"personas": 4, "metros": None, "tipo": "sin_servicio"},
    ],
    "reporte_visto": [
        {
            "numero": "R-2026-000123",
            "tipo": "fuga",
            "servicio": "agua",
            "estado": "en_reparacion",
            "creado_at": "2026-11-22T07:51:00-05:00",
            "actualizado_at": "2026-11-23T07:51:00-05:00",
            "personas": 4,
        }
    ],
    "noticia": [
        {**_OUTAGE, **changed, "numero": "R-2026-000123", "tipo": "fuga", "estado": state}
        for state in ("confirmada", "asignada", "en_reparacion", "extendida", "cancelada")
        for changed in ({}, {"vuelve_at": ""}, {"vuelve_at": "", "noticia_at": "", "causa": ""})
    ],
    "regreso_numero": ["R-2026-000123", None],
    "regreso_servicio": ["agua"],
    "abierto": [True, False],
    "turno": [1],
    "espera_min": [8],
    "proxima_apertura": ["2026-11-23T08:00:00-05:00"],
    "caso": [
        _CASE,
        {**_CASE, "dias": 1},
        {**_CASE, "dias": 0},
        {**_CASE, "dias": -2, "servicio": ""},
        {**_CASE, "requiere": "la foto del medidor."},
        {**_CASE, "respuesta": "Cambiamos el medidor.", "respondido_at": "2026-11-20T10:00:00-05:00"},
    ],
    "corrected": [[{"nombre": "Servicio", "valor": "Gas"}]],
    "answers": [[{"nombre": name, "valor": "Gas"} for name in ("Servicio", "Cuenta", "Nombre")]],
    "noted": [[{"nombre": "Cuenta", "valor": "1000001"}]],
    "canceled_name": ["poner una queja"],
    "interrupted_name": ["poner una queja"],
    "changed_name": ["poner una queja"],
    "noted_name": ["oficinas y horarios"],
    "cuenta_a_quitar": ["1000001"],
    "identidad_cuentas": [
        [{"cuenta": "1000001", "apodo": "la casa", "barrio": "La Esperanza"}],
        [
            {"cuenta": "1000001", "apodo": "la casa", "barrio": "La Esperanza"},
            {"cuenta": "1000002", "apodo": "", "barrio": ""},
        ],
    ],
    "noted_names": [["oficinas y horarios"], ["oficinas y horarios", "poner una queja", "mi turno en la fila"]],
    "parked_name": ["poner una queja"],
    "closed_name": ["poner una queja", None],
    "apodo_cuenta": ["la casa", None],
    "barrio_estado": ["encontrado", "no_dicho"],
    "queja_asistente": ["repite lo mismo", None],
    "codigo_destino": ["ma***@casa.example"],
    "canal": ["webchat", "telegram"],
    "codigo_nuevo": ["482913"],
    "datos_de_cuenta": [
        {
            "cuenta": "1000001",
            "titular": "Persona de Prueba",
            "direccion": "CL 5 # 3-20",
            "barrio": "La Esperanza",
            "servicios": ["agua", "aseo"],
            "estrato": 2,
            "uso": "residencial",
            "estado": "activa",
        },
    ],
    "destinos": [[{"medio": "correo", "a": "ma***@casa.example"}, {"medio": "sms", "a": "300 *** **67"}]],
    "historia_unida": [True, None],
    "offered_name": ["oficinas y horarios"],
    "aviso": [
        {**_NOTICE, "cuota": 0, "dias": 0, "valor": 128_000},
        {**_NOTICE, "cuota": 2, "dias": 1, "valor": 0},
        {**_NOTICE, "cuota": 2, "dias": 5, "valor": 128_000},
    ],
    "aviso_lugar": ["La Esperanza", None],
    "aviso_permiso": ["avisos_ubicacion", "avisos_comerciales"],
    "aviso_titulo": ["Cortes de servicio"],
    "avisos_horas": ["de 6:00 p. m. a 9:00 p. m., de lunes a sábado", None],
    "enlaces": [{"telegram": ""}, {"telegram": "https://t.me/empresa_bot"}],
    "enlace_avisos": ["https://empresa.example/preferencias/AbC", None],
    "franja_aviso": ["ley", "manana", "tarde", "noche"],
    "mis_avisos": [
        [{"titulo": "Cortes de servicio", "sector": "La Esperanza"}, {"titulo": "Factura lista", "sector": ""}]
    ],
    "mis_avisos_total": [2, 0],
    "tema_baja": ["todos", "factura"],
}


#: What is known whenever these are said.
ALWAYS_KNOWN: Mapping[str, frozenset[str]] = {
    **COMMUNITY_KNOWN,
    "pide_acepta_correo": frozenset({"correo"}),
    "reportar_falla.listo": frozenset({"numero_nuevo"}),
    "reportar_falla.sumado": frozenset({"numero_nuevo"}),
    "pide_confirma_cuenta": frozenset({"cuenta"}),
    "pide_guarda_cuenta": frozenset({"cuenta"}),
    "pide_usa_datos": frozenset({"nombre"}),
}


@cache
def _always() -> dict[str, Any]:
    """Return what every wording may read, whatever was said before."""
    settings = load_settings(ROOT / "config.yaml", env={})
    company = settings.empresa.model_dump(mode="json")
    dangers = load_catalog().emergencies
    lines = settings.empresa.lineas.model_dump()
    return {
        "empresa": company,
        "identidad": settings.identidad.model_dump(),
        "archivo_max_mb": 10,
        "retomar_dias": 7,
        "emergencias": {
            kind: {"texto": dangers.text(kind, lines), "pregunta": entry.pregunta}
            for kind, entry in dangers.emergencias.items()
        },
    }


def spoken(response: Response, dialogs: Dialogs) -> Iterator[Rendered]:
    """Render ``response`` with every combination of the values it reads (at most some hundreds)."""
    known = _always()
    names = sorted(name for name in response.names if name in VALUES)
    sure = ALWAYS_KNOWN.get(response.key, frozenset())
    for chosen in product(
        *([value for value in VALUES[name] if value is not None or name not in sure] for name in names)
    ):
        values = {**known, **dict(zip(names, chosen, strict=True))}
        yield render(response.key, values, dialogs=dialogs)
