"""Actions of filing a petition, complaint, claim or appeal."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from dialogs.actions.base import AtiendeAction, Dispatcher, Events, Seen, fact, slot

#: A message tells something to file when it has so many words besides those that only name the errand.
TOLD_WORDS = 2

#: Words that name an errand, greet or ask for help, and tell nothing of the case (folded, as ``_words`` gives them).
_NAMING = frozenset(
    "a al ante buen buena buenas bueno buenos con contra da de del derecho deseo dia dias el ella ellos en es esta este esto"
    " estoy favor formal gracias gustaria hacer hacerle hola ir interponer la las le les lo los me meter mi mis necesito no"
    " noche noches o otra otro para pasar peticion poner ponerle por porfa porfavor pqr pqrs presentar puedo pues que queja"
    " quejarme quejas quiero quisiera radicado radicar reclamacion reclamar reclamo reclamos recurso recurrir reposicion"
    " apelar apelacion se senor senora senores si solicitar solicitud sobre su sus tarde tardes tengo tramite un una uno"
    " usted ustedes va vengo y yo ya como donde poder pedir acuerdo respuesta otras otros mas ahora tambien algo cosa ayuda"
    " ayudar ayudeme colaborar colabora colaboreme nombre barrio sector comunidad colectiva interes general"
    " dejar dejarles sugerencia sugerencias sugerir felicitacion felicitaciones felicitar denuncia denunciar idea ideas mejorar".split()
)

#: The kind of petición that asks to recognise the effects of an answer that never came.
SILENCE = "silencio"

#: What a filing may leave behind and the next one must not find.
_TRANSIENT = (
    "relato",
    "relato_ofrecido",
    "anexos",
    "anexo",
    "anexos_listos",
    "cuenta_estado",
    "cuenta_vista",
    "anonimo",
    "datos_autorizados",
    "datos_completos",
    "denuncia_anonima",
    "deja_nombre",
    "recurso_explicado",
)

#: What correcting one answer makes stale: the answers that hang on it.
_CLEARED_WITH = {
    "relato": ("relato", "relato_ofrecido"),
    "tipo": (
        "tipo_pqr",
        "subtipo_pqr",
        "recurso_explicado",
        "radicado_recurrido",
        "insiste_recurso",
        "decision_conocida_on",
        "pide_apelacion",
        "factura_emitida_on",
        "valor_reclamado",
    ),
    "servicio": ("servicio",),
    "cuenta": ("cuenta", "confirma_cuenta", "guarda_cuenta", "cuenta_estado", "cuenta_vista"),
    "persona": ("nombre", "documento", "usa_datos", "datos_completos"),
    "correo": ("correo", "acepta_correo", "datos_completos"),
    "anexos": ("anexos", "anexo", "anexos_listos"),
}

#: «Necesito un certificado de paz y salvo»: a wish and what is wanted, with no stop between («…, adjunto copia»).
_ASKS_FOR_PAPERS = re.compile(
    r"\b(?:necesito|solicit\w+|quiero|quisiera|pido|requiero|dar(?:me)?|den|deme|denme|regale\w*|envi[ae]\w+|mande\w*|entreg\w+|"
    r"expid\w+|expedir|sacar)(?: \w+){0,5}? (?:copias?|certificad[oa]s?|certificacion|paz y salvo|constancia|documentos?|"
    r"historial|informacion|estado de cuenta|expediente)\b"
)


class TakeStory(AtiendeAction):
    """Offers the message that began the errand as the text to file, when it tells something."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_tomar_relato"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``relato`` to the very words of the person and ``relato_ofrecido``."""
        text = tracker.get_slot("primeras_palabras") or tracker.latest_message.get("text") or ""
        tells = not text.startswith("/") and len(_words(text) - _NAMING) >= TOLD_WORDS
        reset = [slot(name, None) for name in (*_TRANSIENT, "primeras_palabras")]
        return [*reset, slot("relato", text if tells else None), slot("relato_ofrecido", tells)]


class KeepFirstWords(AtiendeAction):
    """Keeps the message that began an errand, when another question comes before its story is asked for."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_guardar_primeras_palabras"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``primeras_palabras`` to the very words of the person; a command stands for itself and tells nothing."""
        return [slot("primeras_palabras", tracker.latest_message.get("text") or None)]


class FindAccount(AtiendeAction):
    """Looks the account up; what is shown of it is masked, since anybody may type a number."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_buscar_cuenta"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``cuenta_estado`` and, when it is found, ``cuenta_vista`` with masked values."""
        found = await self.ports.accounts.find(str(tracker.get_slot("cuenta") or ""))
        if found is None:
            return [slot("cuenta_estado", "no_encontrada"), slot("cuenta_vista", None)]
        view = {"barrio": found.barrio, "titular": found.titular}
        return [slot("cuenta_estado", "encontrada"), slot("cuenta_vista", view)]


class KeepAnnex(AtiendeAction):
    """Adds what was sent to the annexes of the filing."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_guardar_anexo"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Append the files of ``anexo`` to ``anexos``, each once."""
        kept = list(tracker.get_slot("anexos") or [])
        known = {file.get("file_id") for file in kept}
        kept.extend(file for file in tracker.get_slot("anexo") or [] if file.get("file_id") not in known)
        return [slot("anexos", kept), slot("anexo", None)]


class CertifyFailure(AtiendeAction):
    """Hands over that a means of ours failed; its radicado is the proof."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_certificar_falla"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report PqrFiled of a failure, with nothing of the person but their words."""
        return [
            fact("PqrFiled", tipo="falla", relato=tracker.get_slot("falla_que") or "", anonimo=True, autorizado=False)
        ]


class ClearAnswer(AtiendeAction):
    """Empties the answer that the person wants to correct, so that its question is asked again."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_limpiar_dato"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Clear the slots that hang on ``que_corregir``."""
        return [slot(name, None) for name in _CLEARED_WITH.get(str(tracker.get_slot("que_corregir")), ())]


class FilePqr(AtiendeAction):
    """Hands the confirmed summary over for filing; the radicado is born in the commit."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_radicar_pqr"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report PqrFiled with everything the person gave; what is missing is no reason not to file."""
        get = tracker.get_slot
        is_anonymous = bool(get("anonimo"))
        by_mail = bool(get("correo") and get("acepta_correo"))
        personal = (
            {}
            if is_anonymous
            else {
                "cuenta": get("cuenta"),
                "nombre": get("nombre"),
                "documento": get("documento"),
                "correo": get("correo"),
            }
        )
        appeals = get("tipo_pqr") == "recurso" or get("subtipo_pqr") == SILENCE
        filed = fact(
            "PqrFiled",
            tipo=get("tipo_pqr"),
            servicio=get("servicio"),
            cuenta_en_base=get("cuenta_estado") == "encontrada",
            cuenta_verificada=await self._is_verified(tracker) and not is_anonymous,
            relato=get("relato") or "",
            anexos=[{"file_id": file["file_id"]} for file in get("anexos") or []],
            anonimo=is_anonymous,
            autorizado=bool(get("datos_autorizados")),
            direccion=get("lugar_hechos") if get("tipo_pqr") == "denuncia" else None,
            notificacion="correo" if by_mail and not is_anonymous else "chat",
            subtipo=_subtype(tracker),
            colectiva=get("peticion_colectiva") if get("tipo_pqr") == "peticion" else None,
            recurrido=get("radicado_recurrido") if appeals else None,
            decision_conocida_on=get("decision_conocida_on") if get("tipo_pqr") == "recurso" else None,
            factura_emitida_on=get("factura_emitida_on") if get("tipo_pqr") == "reclamo" else None,
            valor_reclamado=get("valor_reclamado") if get("tipo_pqr") == "reclamo" else None,
            **personal,
        )
        return [filed, slot("relato", None), slot("anexos", None), slot("anexos_listos", None)]

    async def _is_verified(self, tracker: Seen) -> bool:
        """Tell whether the person proved, now or before, to be of the account."""
        cuenta = tracker.get_slot("cuenta")
        return bool(cuenta) and await self.ports.identity.is_verified(tracker.sender_id, str(cuenta))


def _subtype(tracker: Seen) -> str | None:
    """Return what kind of its type is filed: an appeal says whether the Superservicios reviews it too.

    A petition that asks for papers or information is answered sooner (Ley 1437 art. 14): the earlier day is promised.
    """
    asked = tracker.get_slot("pide_apelacion")
    if tracker.get_slot("tipo_pqr") == "recurso" and asked is not None:
        return "reposicion_apelacion" if asked else "reposicion"
    subtype = tracker.get_slot("subtipo_pqr")
    if not subtype and tracker.get_slot("tipo_pqr") == "peticion":
        subtype = "documentos" if _ASKS_FOR_PAPERS.search(_folded(str(tracker.get_slot("relato") or ""))) else None
    return str(subtype) if subtype else None


def _words(text: str) -> set[str]:
    """Return the words of ``text`` without capitals and accents, the numbers left out."""
    return set(re.findall(r"[a-z]{2,}|\by\b", _folded(text)))


def _folded(text: str) -> str:
    """Return ``text`` without capitals and accents."""
    apart = unicodedata.normalize("NFKD", text.lower())
    return "".join(mark for mark in apart if not unicodedata.combining(mark))
