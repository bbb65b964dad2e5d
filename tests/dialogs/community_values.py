"""Values with which the wording of the neighbourhood is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_WORK = {
    "id": 3, "tipo": "obra", "aspecto": "cambio de 120 metros de tubería", "lugar": "CL 3 entre KR 8 y KR 9",
    "desde_at": "2026-03-20T08:00:00-05:00", "hasta_at": "2026-03-20T17:00:00-05:00", "estado": "planeada",
    "indicaciones": "Habrá paso para peatones.", "papel": "vecino",
}  # fmt: skip
_PROMISE = {
    "id": 1, "que": "Limpiar el sumidero de la KR 8", "responsable": "el área de alcantarillado", "estado": "abierto",
    "vence_on": "2026-03-28", "evidencia": "", "conforme": None,
}  # fmt: skip
_TIME = {"id": 1, "oficina": "Oficina principal", "desde_at": "2026-03-25T08:00:00-05:00", "minutos": 30, "reserva": 0}
_LEADER = {
    "rol": "jac", "estado": "verificado", "sectores": ["La Esperanza", "La Pradera"], "ids": ["la_esperanza"],
    "vigente": True, "hasta_on": "2027-03-18", "motivo": "falta el acta",
}  # fmt: skip
_FIGURES = {"cortes": 1, "obras": 2, "reportes": 7, "solicitudes": 12, "dias_respuesta": 8.5, "minimo": 5}
_CUT = {"servicio": "agua", "causa": "se rompió un tubo", "desde_at": "", "vuelve_at": "2026-03-18T16:00:00-05:00"}

COMMUNITY_VALUES: Mapping[str, list[Any]] = {
    "barrio_visto": [{"id": "la_esperanza", "nombre": "La Esperanza"}],
    "obras": [[], [_WORK], [{**_WORK, "estado": "en_curso", "indicaciones": ""}], [{**_WORK, "estado": "no_conforme"}]],
    "cortes_barrio": [[], [_CUT], [{**_CUT, "causa": "", "vuelve_at": ""}]],
    "cifras_barrio": [_FIGURES, {**_FIGURES, "reportes": None, "solicitudes": None, "dias_respuesta": None}],
    "obra_vista": [_WORK, {**_WORK, "indicaciones": ""}],
    "confirmar_estado": ["una", "no_conforme", "confirmada", "anotada", "cerrada", "ajena"],
    "compromisos": [
        [],
        [_PROMISE],
        [{**_PROMISE, "estado": "vencido"}],
        [{**_PROMISE, "estado": "cumplido", "evidencia": "acta y fotos"}],
        [{**_PROMISE, "estado": "cumplido", "evidencia": "acta y fotos", "conforme": True}],
    ],
    "compromiso_visto": [None, {**_PROMISE, "estado": "cumplido", "evidencia": "acta y fotos"}],
    "compromiso_conforme": [True, False],
    "rol_lider": ["vocal_control", "jac", "edil", "veedor", "administrador_ph", "lider_sector"],
    "sectores_nombres": [["La Esperanza"], ["La Esperanza", "El Carmen"]],
    "acto_pedido": ["la inscripción de la veeduría en la Personería o la Cámara de Comercio"],
    "acto_lider": [None, [{"file_id": "f1"}]],
    "lider_vista": [_LEADER, {**_LEADER, "rol": "vocal_control"}],
    "lider_resultado": ["recibida", "repetida"],
    "turno_dia": ["2026-03-25"],
    "turno_visto": [_TIME],
    "turno_elegido": [_TIME],
    "turno_resultado": ["reservado", "ocupado", "ya_tiene", "cancelado", "sin_turno"],
    "carne": [
        {"estado": "si", "nombre": "Jorge", "oficio": "fontanero", "puede": "trabajar en la red de la calle"},
        {"estado": "otro_sector"}, {"estado": "no"}, {"estado": "sin_carne"}, {"estado": "bloqueado"},
    ],
}  # fmt: skip

#: Known whenever these are said.
COMMUNITY_KNOWN: Mapping[str, frozenset[str]] = {
    "consultar_compromisos.pide_compromiso_conforme": frozenset({"compromiso_visto"}),
    "registrar_lider.pide_confirma_lider": frozenset({"nombre"}),
}

#: Bubbles that may have more than three sentences, each with its reason.
COMMUNITY_LONGER: Mapping[str, str] = {
    "intervencion_barrio.muestra": "a list: the works of a sector",
    "intervencion_barrio.en_tramite": "a list: the works of a sector",
    "reenviar_aviso.texto": "a text that is passed on whole",
    "cifras_sector.muestra": "a list: the figures of a sector",
    "consultar_compromisos.muestra": "a list: promises and their dates",
    "registrar_lider.pide_confirma_lider": "a list: everything that goes to be verified",
    "datos_de_otros.explica": "the refusal, its reason and what can be told instead",
    "verificar_funcionario.resultado": "somebody waits at the door: the answer and what to do",
    "verificar_funcionario.nunca_cobra": "danger at the door: what not to do and whom to call",
    "registrar_lider.ya_es": "what a leader may and may not do, and until when",
}
