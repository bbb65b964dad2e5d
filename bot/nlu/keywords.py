"""Words that betray an errand: a fallback without a model, and features for the model that is trained."""

from __future__ import annotations

from bot.nlu.normalise import spellings
from bot.nlu.phonetic import sound
from dialogs.engine.heard import Intent

#: For each intent, phrases that speak for it: words that must all appear, by sound; ``*`` ends a stem.
_PHRASES: dict[str, str] = {
    "radicar_peticion": "derecho peticion|radicar peticion|solicitar medidor|cambio titular|certificado|instalar medidor"
    "|conexion nueva|paz salvo|solicitud",
    "radicar_queja": "queja|quejarme|grosero|grosera|mala atencion|trato|me atendieron mal|incumplieron|no vinieron",
    "radicar_reclamo": "reclamo|reclamar|cobro caro|carisimo|carisima|muy caro|me clavaron|cobraron|me estan robando"
    "|llego doble|disparado|ojo cara|se les fue mano|me tumbaron|recibo caro|factura cara",
    "radicar_recurso": "recurso|apelacion|apelar|reposicion|no estoy acuerdo respuesta|silencio administrativo",
    "consultar_radicado": "estado radicado|como va radicado|consultar radicado|numero radicado|que paso reclamo"
    "|que paso queja|respuesta reclamo|como va reclamo|estado peticion|estado solicitud|como va queja",
    "ampliar_pqr": "agregar radicado|anexar|adjuntar|ampliar|agregar reclamo|agregar queja|falto decir",
    "desistir_pqr": "desistir|desisto|retirar reclamo|retirar queja|ya no reclamo|anular reclamo",
    "pedir_acuerdo_pago": "acuerdo pago|cuotas|plazo|refinanciar|financiar|diferir|ponerme al dia|abonar|convenio",
    "consultar_acuerdo": "mi acuerdo|mi convenio|cuotas faltan|cuota acuerdo|saldo acuerdo",
    "reportar_pago": "ya pague|pague|hice pago|consigne|soporte pago|comprobante",
    "consultar_factura": "cuanto debo|mi factura|duplicado|cuanto factura|cuando vence|valor factura|mi recibo"
    "|cancelar factura|pagar factura|cancelar recibo|copia factura|saldo",
    "reportar_sin_servicio": "no hay luz|no hay agua|no hay gas|se fue luz|se fue agua|sin luz|sin agua|sin gas"
    "|no llega agua|apagon|bajones|no tengo luz|no tengo agua|hilito|no sube agua|oscuras|agua turbia|agua sucia",
    "reportar_dano": "dano|danado|fuga agua|bote agua|gotera|tubo roto|se revento tubo|alcantarilla rebos*|rebosada"
    "|lampara danada|cano tapado|filtracion|contador danado|medidor danado|botando agua",
    "consultar_corte": "cuando vuelve|cuando llega luz|cuando llega agua|hay corte|corte programado|por que no hay"
    "|a que horas llega|hay suspension|cuando ponen",
    "suscribir_avisos": "avisos|avisenme|suscribir*|notificaciones|quiero recibir|avisarme",
    "cancelar_avisos": "no me manden|no quiero mensajes|dejar recibir|cancelar avisos|no mas mensajes|quitar avisos",
    "registrar_cuenta": "registrar cuenta|vincular cuenta|agregar cuenta|inscribir cuenta|asociar cuenta",
    "hablar_con_asesor": "asesor|asesora|persona|humano|funcionario|agente|hablar alguien|operador",
    "oficinas_horarios": "oficina|oficinas|horario|horarios|donde quedan|donde pago|a que hora abren|puntos pago",
    "tarifas_derechos": "tarifa|tarifas|estrato|subsidio|derechos|cargo fijo|cuanto vale kilovatio|metro cubico",
    "intervencion_barrio": "brigada|reunion|jornada|obra barrio|comite|visita barrio|junta accion|obras",
    "calificar": "calificar|calificacion|felicit*|excelente servicio|mal servicio|sugerencia|puntuacion",
    "saludar": "hola|buenas|buenos dias|buenas tardes|buenas noches|saludos|holi",
    "despedirse": "adios|chao|hasta luego|hasta manana|bye|nos vemos|que este bien",
    "agradecer": "gracias|agradecido|dios pague|muy amable|agradezco",
    "ayuda": "ayuda|menu|opciones|que puede hacer|que hace usted|no se como",
    "cancelar": "cancelar|olvidelo|dejelo asi|no quiero seguir|parar|detener|salir|ya no quiero",
    "frustracion": "",
    "fuera_de_alcance": "internet|television|netflix|celular plan|multa transito|sisben|familias accion|empleo|trabajo"
    "|movistar|claro|tigo",
}
_SURE = 0.62
_LIKELY = 0.5
_SINGLE = 0.47


def _compile() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(
        (intent, tuple(sound(word.rstrip("*")) for word in phrase.split()))
        for intent, phrases in _PHRASES.items()
        for phrase in phrases.split("|")
        if phrase
    )


_COMPILED = _compile()


def keyword_scores(text: str) -> dict[str, int]:
    """Return, for each intent some of whose phrases are in ``text``, the words of the longest such phrase."""
    words = [sound(word) for word in spellings(text) if word.isalpha()]
    at: dict[str, int] = {}
    for place, word in enumerate(words):
        at.setdefault(word, place)
    found: dict[str, int] = {}
    for intent, phrase in _COMPILED:
        if all(word in at for word in phrase):
            found[intent] = max(found.get(intent, 0), len(phrase))
    return found


def rank_by_keywords(text: str) -> tuple[Intent, ...]:
    """Rank intents by the words that betray them: a poor man's model, with modest confidence."""
    scores = keyword_scores(text)
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    best: list[Intent] = []
    left = 1.0
    for place, (intent, size) in enumerate(ranked[:5]):
        share = (_SURE if size > 2 else _LIKELY if size == 2 else _SINGLE) if place == 0 else left / 3  # noqa: PLR2004
        best.append(Intent(intent, round(min(share, left), 4)))
        left -= best[-1].confidence
    return tuple(best)
