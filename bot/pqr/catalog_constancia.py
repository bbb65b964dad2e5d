"""The shape of ``constancia.yml``: every word of the constancia, with the values each text may hold."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, model_validator

from bot.kernel.catalog import Entry, Id, Text, Versioned, Wording, placeholders


class _Words(Entry):
    """A group of texts; ``may`` names the values a text may hold, by field (``*``: for all)."""

    may: ClassVar[dict[str, frozenset[str]]] = {}

    @model_validator(mode="after")
    def _known_values(self) -> _Words:
        for name in type(self).model_fields:
            text = getattr(self, name)
            if not isinstance(text, str):
                continue
            allowed = self.may.get(name, frozenset()) | self.may.get("*", frozenset())
            unknown = sorted(placeholders(text) - allowed)
            if unknown:
                known = ", ".join(f"{{{value}}}" for value in sorted(allowed)) or "none"
                message = f"{name} asks for {unknown}; it may hold: {known}"
                raise ValueError(message)
        return self


class MessageWords(_Words):
    """Paragraphs of the short message."""

    may: ClassVar[dict[str, frozenset[str]]] = {
        "*": frozenset(
            {"tipo", "radicado", "fecha_hora", "fecha_limite", "valor_reclamado", "valor_no_discutido", "codigo"}
        )
    }

    recibido: Wording
    plazo: Wording
    cortesia: Wording
    sin_pago: Wording
    sin_pago_sin_valor: Wording
    si_pago: Wording
    si_pago_sin_valor: Wording
    guarde: Wording
    codigo: Wording


class EmptyWords(_Words):
    """What stands where there is nothing."""

    anonimo: Text
    sin_dato: Text
    sin_anexos: Text
    sin_faltantes: Text


class AnnexWords(_Words):
    """How annexes are counted."""

    may: ClassVar[dict[str, frozenset[str]]] = {"*": frozenset({"numero", "lista", "clase"})}

    uno: Wording
    varios: Wording
    clase: Wording


class QueryWords(_Words):
    """How the case is followed."""

    may: ClassVar[dict[str, frozenset[str]]] = {"codigo": frozenset({"codigo"}), "oficina": frozenset({"contacto"})}

    titulo: Text
    qr: Text
    codigo: Wording
    texto: Text
    cuidado: Text
    oficina: Wording


class RightsWords(_Words):
    """What the person may do."""

    may: ClassVar[dict[str, frozenset[str]]] = {
        "plazo": frozenset({"fecha_limite", "norma"}),
        "recursos": frozenset({"recurso_dias"}),
    }

    titulo: Text
    plazo: Wording
    recursos: Wording
    sin_pago: Text
    silencio: Text


class FieldLabels(_Words):
    """The labels of §1.7."""

    radicado: Text
    fecha_hora: Text
    radicado_at: Text
    canal: Text
    tipo: Text
    servicio: Text
    cuenta: Text
    nombre: Text
    identificacion: Text
    contacto: Text
    anexos: Text
    faltantes: Text
    notificacion: Text
    valor_reclamado: Text
    valor_no_discutido: Text
    fecha_limite: Text
    norma: Text
    recibe: Text
    huella: Text


class DocumentWords(_Words):
    """Words of the full text and the PDF."""

    may: ClassVar[dict[str, frozenset[str]]] = {
        "empresa": frozenset({"empresa", "nit"}),
        "recibe": frozenset({"empresa"}),
        "recortado": frozenset({"total"}),
        "simbolo_repetido": frozenset({"simbolo", "veces"}),
        "pie": frozenset({"pagina", "paginas"}),
    }

    titulo: Text
    empresa: Wording
    campos: FieldLabels
    vacios: EmptyWords
    zona: Text
    recibe: Wording
    anexos: AnnexWords
    clases: dict[str, Text]
    relato: Text
    pretension: Text
    recortado: Wording
    simbolos: Text
    simbolo_repetido: Wording
    verbal: Text
    consulta: QueryWords
    derechos: RightsWords
    pie: Wording


class ConstanciaFile(Versioned):
    """``constancia.yml`` (§1.7)."""

    mensaje: MessageWords
    marcas: dict[Id, Wording]
    faltantes: dict[Id, Text]
    canales: dict[str, Text]
    servicios: dict[Id, Text]
    documentos: dict[str, Text]
    notificacion: dict[Id, Wording]
    estados: dict[str, Text] = Field(min_length=1)
    documento: DocumentWords
