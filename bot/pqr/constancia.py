"""The constancia of a case: what the law wants told (§1.7), as a short message, as plain text and as a PDF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.kernel.clock import local
from bot.pqr import code as code_module
from bot.pqr import moments

if TYPE_CHECKING:
    from bot.kernel.config import Settings
    from bot.pqr.catalog_constancia import ConstanciaFile
    from bot.pqr.law import Law
    from storage.repos.cases import CaseRecord

#: Where the look-up page lives.
PAGE: Final = "/constancia"
_SAP_TERMS: Final = frozenset({"PQR_CONTRATO"})


@dataclass(frozen=True, slots=True)
class Sheet:
    """A constancia before it takes a shape: rows of (label, value), the person's own words, notes and rights."""

    title: str
    company: str
    address: str
    radicado: str
    rows: tuple[tuple[str, str], ...]
    relato: str
    pretension: str
    notes: tuple[str, ...]
    query: tuple[str, ...]
    rights: tuple[str, ...]
    url: str


def message(record: CaseRecord, code: str, *, law: Law) -> str:
    """Return the short message of a filing: paragraphs of at most three sentences, apart by an empty line.

    ``code`` is the secret code, shown once here; leave it empty where it must not be repeated.
    """
    words, kind = law.catalog.constancia, law.catalog.kind(record.tipo)
    say = words.mensaje
    values = _values(record, law) | {"codigo": code_module.shown(code)}
    paragraphs = [say.recibido.format(**values)]
    paragraphs.append((say.cortesia if kind.cortesia else say.plazo).format(**values))
    paragraphs += filter(None, [payment(record, law)])
    paragraphs += notes(record, law)
    paragraphs.append(say.codigo.format(**values) if code else say.guarde)
    return "\n\n".join(paragraphs)


def payment(record: CaseRecord, law: Law) -> str:
    """Return what must not be paid while the case is decided and what must, or an empty text (Ley 142 art. 155)."""
    if not law.catalog.kind(record.tipo).sin_pago:
        return ""
    say = law.catalog.constancia.mensaje
    disputed, owed = record.datos.get("valor_reclamado"), record.datos.get("valor_no_discutido")
    parts = [say.sin_pago if disputed is not None else say.sin_pago_sin_valor]
    if owed != 0:
        parts.append(say.si_pago if owed is not None else say.si_pago_sin_valor)
    return " ".join(parts).format(**_values(record, law))


def notes(record: CaseRecord, law: Law) -> list[str]:
    """Return what the flags of the case mean for the person, in their words; most flags are for staff only."""
    words = law.catalog.constancia
    missing = ", ".join(words.faltantes.get(part, part) for part in record.datos.get("faltantes", ()))
    values = {"faltantes": missing, "cuenta": record.cuenta or "", **_terms(law)}
    return [words.marcas[flag].format(**values) for flag in record.marcas if flag in words.marcas]


def _terms(law: Law) -> dict[str, int]:
    """Return the terms that the texts name, as the law of this installation has them."""
    return {
        "recurso_dias": law.terms["RECURSO_REPO_APEL"].cantidad,
        "reclamo_meses": law.terms["RECLAMO_FACTURA_LIMITE"].cantidad,
    }


def plain(record: CaseRecord, *, law: Law, settings: Settings) -> str:
    """Return the whole constancia as plain text, without the code."""
    page = sheet(record, "", law=law, settings=settings)
    words = law.catalog.constancia.documento
    lines = [page.title, page.company, "", *(f"{label}: {value}" for label, value in page.rows), ""]
    lines += [f"{words.relato}:", page.relato, ""]
    if page.pretension:
        lines += [f"{words.pretension}:", page.pretension, ""]
    lines += [*page.notes, *([""] if page.notes else []), words.consulta.titulo, *page.query, ""]
    return "\n".join([*lines, words.derechos.titulo, *page.rights])


def draw_pdf(record: CaseRecord, code: str, *, law: Law, settings: Settings) -> bytes:
    """Return the constancia as a PDF (letter size, at most 60 kB); the same case gives the same bytes.

    ``code`` goes only into the fragment of the address in the QR; without it the QR opens the page alone.
    """
    from bot.pqr.constancia_pdf import draw

    page = sheet(record, code, law=law, settings=settings)
    return draw(page, words=law.catalog.constancia.documento, made_at=record.radicado_at)


def sheet(record: CaseRecord, code: str, *, law: Law, settings: Settings) -> Sheet:
    """Gather everything §1.7 asks for; documents are masked."""
    words, company = law.catalog.constancia, settings.empresa
    say, kind = words.documento, law.catalog.kind(record.tipo)
    values = _values(record, law)
    norm = law.terms[record.termino].norma
    contact = f"{company.correo}, {company.lineas.atencion}" if company.lineas.atencion else company.correo
    rights = [say.derechos.plazo.format(fecha_limite=values["fecha_limite"], norma=norm)]
    rights += [say.derechos.sin_pago] if kind.sin_pago else []
    rights += [say.derechos.silencio] if record.termino in _SAP_TERMS and not kind.cortesia else []
    rights += [say.derechos.recursos.format(**_terms(law))] if kind.recursos else []
    return Sheet(
        title=say.titulo,
        company=say.empresa.format(empresa=company.nombre, nit=company.nit),
        address=f"{company.direccion}, {company.municipio}",
        radicado=record.radicado,
        rows=_rows(record, law, company.nombre),
        relato=record.relato or "",
        pretension=str(record.datos.get("pretension", "")),
        notes=(*([say.verbal] if record.datos.get("verbal") else []), *notes(record, law)),
        query=(
            *([say.consulta.codigo.format(codigo=code_module.shown(code))] if code else []),
            say.consulta.texto,
            say.consulta.oficina.format(contacto=contact),
        ),
        rights=tuple(rights),
        url=_address(settings, record.radicado, code),
    )


def _values(record: CaseRecord, law: Law) -> dict[str, str]:
    words = law.catalog.words
    amounts = {
        name: moments.money(amount) if isinstance(amount := record.datos.get(name), int) else ""
        for name in ("valor_reclamado", "valor_no_discutido")
    }
    return {
        "tipo": law.catalog.kind(record.tipo).nombre,
        "radicado": record.radicado,
        "fecha_hora": f"{moments.slashed(record.recibido_at)}, {moments.hour(record.recibido_at, words)}",
        "fecha_limite": moments.long_date(law.promised_on(record), words),
        **amounts,
    }


def _rows(record: CaseRecord, law: Law, company: str) -> tuple[tuple[str, str], ...]:
    words = law.catalog.constancia
    say, labels, empty = words.documento, words.documento.campos, words.documento.vacios
    values = _values(record, law)
    person = empty.anonimo if record.anonimo else record.nombre or empty.sin_dato
    kind = law.catalog.kind(record.tipo).nombre
    missing = ", ".join(words.faltantes.get(part, part) for part in record.datos.get("faltantes", ()))
    mail = moments.masked_mail(record.correo or "")
    notice = words.notificacion.get(record.notificacion or "", words.notificacion["sin_elegir"])
    received, filed = (f"{local(at):%d/%m/%Y %H:%M}, {say.zona}" for at in (record.recibido_at, record.radicado_at))
    rows = [
        (labels.radicado, record.radicado),
        (labels.fecha_hora, received),
        *([(labels.radicado_at, filed)] if filed != received else []),
        (labels.canal, words.canales.get(record.canal, words.canales["otro"])),
        (labels.tipo, kind[:1].upper() + kind[1:]),
        (labels.servicio, words.servicios.get(record.servicio or "", empty.sin_dato)),
        (labels.cuenta, record.cuenta or empty.sin_dato),
        (labels.nombre, person),
        (labels.identificacion, _document(record, words)),
        (labels.contacto, " · ".join(filter(None, (record.direccion, mail))) or empty.sin_dato),
        (labels.anexos, _annexes(record, words)),
        (labels.faltantes, missing or empty.sin_faltantes),
        (labels.notificacion, notice.format(correo=mail)),
    ]
    amounts = [
        (labels.valor_reclamado, values["valor_reclamado"]),
        (labels.valor_no_discutido, values["valor_no_discutido"]),
    ]
    rows += [row for row in amounts if row[1]]
    rows += [
        (labels.fecha_limite, values["fecha_limite"]),
        (labels.norma, law.terms[record.termino].norma),
        (labels.recibe, say.recibe.format(empresa=company)),
        (labels.huella, record.content_hash),
    ]
    return tuple(rows)


def _document(record: CaseRecord, words: ConstanciaFile) -> str:
    if not record.documento:
        return words.documento.vacios.sin_dato
    kind = words.documentos.get(record.tipo_documento or "", "")
    return f"{kind} {moments.masked(record.documento)}".strip()


def _annexes(record: CaseRecord, words: ConstanciaFile) -> str:
    say = words.documento
    count = len(record.anexos)
    if not count:
        return say.vacios.sin_anexos
    kinds = [say.clases.get(kind, kind) for kind in record.datos.get("clases_anexos", ())]
    listed = ", ".join(say.anexos.clase.format(clase=kind, numero=kinds.count(kind)) for kind in dict.fromkeys(kinds))
    return (say.anexos.uno if count == 1 else say.anexos.varios).format(
        numero=count, lista=listed or say.vacios.sin_dato
    )


def _address(settings: Settings, radicado: str, code: str) -> str:
    """Return the address of the look-up page; what follows the # never reaches a server or its logs."""
    server = settings.server
    root = server.public_url or (f"http://{server.host}:{server.port}" if server.is_loopback else "")
    if not root:
        return ""
    fragment = f"#r={radicado}&c={code}" if code else ""
    return f"{root.rstrip('/')}{PAGE}{fragment}"
