"""Actions of filing a petition, complaint, claim or appeal."""

from __future__ import annotations

from typing import Any

from dialogs.actions.base import AtiendeAction, Dispatcher, Events, Seen, fact, slot

#: A message with fewer words names an errand; from here on it tells one.
STORY_WORDS = 8

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
)

#: What correcting one answer makes stale: the answers that hang on it.
_CLEARED_WITH = {
    "relato": ("relato",),
    "servicio": ("servicio",),
    "cuenta": ("cuenta", "confirma_cuenta", "guarda_cuenta", "cuenta_estado", "cuenta_vista"),
    "nombre": ("nombre",),
    "documento": ("documento",),
    "correo": ("correo", "acepta_correo"),
    "anexos": ("anexos", "anexo", "anexos_listos"),
}


class TakeStory(AtiendeAction):
    """Offers the message that began the errand as the text to file, when it tells something."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_tomar_relato"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``relato`` to the very words of the person and ``relato_ofrecido``."""
        text = tracker.latest_message.get("text") or ""
        tells = len(text.split()) >= STORY_WORDS and not text.startswith("/")
        reset = [slot(name, None) for name in _TRANSIENT]
        return [*reset, slot("relato", text if tells else None), slot("relato_ofrecido", tells)]


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
        filed = fact(
            "PqrFiled",
            tipo=get("tipo_pqr"),
            servicio=get("servicio"),
            cuenta_en_base=get("cuenta_estado") == "encontrada",
            relato=get("relato") or "",
            anexos=[{"file_id": file["file_id"]} for file in get("anexos") or []],
            anonimo=is_anonymous,
            autorizado=bool(get("datos_autorizados")),
            notificacion="correo" if by_mail and not is_anonymous else "chat",
            recurrido=get("radicado_recurrido"),
            **personal,
        )
        return [filed, slot("relato", None), slot("anexos", None), slot("anexos_listos", None)]
