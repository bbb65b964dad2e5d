"""Long numbers: radicado, account, document or phone by label words, then by length, then by what was just asked."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.nlu.cued import Cued
from bot.nlu.entities.dictado import dictated
from bot.nlu.entities.found import Reading

#: The entities that are long numbers.
NAMES = frozenset({"radicado", "cuenta", "documento", "telefono"})

RADICADO_DIGITS = range(13, 21)
ACCOUNT_DIGITS = range(5, 13)
DOCUMENT_DIGITS = range(5, 12)

_PHONE_DIGITS = 10
_NIT_DIGITS = 9
# A label may stand at the number without a space: "cc1098765432", "n°445120".
_RUN = re.compile(
    r"(?:(?<![\w$.,])|(?<![a-z0-9])(?P<glued>rad|radicado|no|nro|num|cta|cuenta|contrato|nic|cc|ced|cedula|cel|celular|tel)\.?)#?"
    r"(?P<run>\+?\(?\d(?:[ .\-()]{0,2}\d){3,24})(?!\w)"
)
_NEAR = 34
_DOTTED = re.compile(r"\d{2,3}(?:\.\d{3}){2}|\d(?:\.\d{3}){3}")
_LABELS = {
    "radicado": r"radicad[oa]s?|radicacion|rad|caso|tramite|pqrs?|solicitud|ticket|consecutivo|respuesta|expediente",
    "cuenta": r"cuentas?|cta|contrato|poliza|nic|niu|suscriptor|matricula|cuenta contrato|referencia|codigo de usuario|"
    r"suscripcion|numero de usuario|cliente|medidor|contador",
    "documento": r"cedulas?|sedula|ced|cc|c\.c|ti|t\.i|ce|c\.e|nit|rut|documento|identificacion|identidad|pasaporte|ppt|"
    r"proteccion temporal|tarjeta de identidad|cedula de extranjeria|identificad[oa]|dni",
    "telefono": r"telefonos?|tel|celular|celu|cel|movil|whatsapp|wasap|wasa|llam\w{1,6}|fijo|"
    r"contacto|marcar|marquen?|marcarme|linea|numero de contacto",
}
_LABEL = re.compile("|".join(rf"(?P<{name}>\b(?:{words})\b)" for name, words in _LABELS.items()))
_KINDS = (
    ("NIT", re.compile(r"\b(?:nit|rut)\b")),
    ("TI", re.compile(r"\b(?:t\.?i|tarjeta de identidad)\b")),
    ("CE", re.compile(r"\b(?:c\.?e|cedula de extranjeria|extranjeria)\b")),
    ("PPT", re.compile(r"\b(?:ppt|permiso (?:por|de) proteccion)\b")),
    ("PA", re.compile(r"\bpasaporte\b")),
    ("CC", re.compile(r"\b(?:c\.?c|cedulas?|sedula|ciudadania)\b")),
)
_PASSPORT = Cued(r"\bpasaporte\b[ :#]{0,3}(?:no\.? ?|numero )?([a-z]{1,3}) ?(\d{5,9})\b", "pasaporte")
_BARE_PASSPORT = re.compile(r"\W{0,3}([a-z]{1,3}) ?(\d{5,9})\W{0,3}")
_NO_PASSPORT = frozenset("cc ti ce no nit ppt rut nic niu cel tel rad cta".split())
#: What a meter shows, and what is counted, is no number of identity.
_READING = re.compile(
    r"\b(?:lecturas?|marca|marco|marcaba|registra|registro|indica|aprobacion|transaccion|operacion)\b[^.;\d]{0,30}\Z"
)
_ACCOUNT_SAID = re.compile(r"\b(?:cuenta|contrato|poliza|nic|niu|suscriptor|matricula)\b")
_COUNTED = re.compile(r" ?(?:litros|metros|m3|kwh|kw|kilovatios|usuarios|personas|familias|casas|pesos|mil|veces)\b")
_END_OF_SENTENCE = re.compile(
    r"\d|[;\n]\s|(?<!\bno)(?<!nro)(?<!num)(?<!\bc\.[cei])(?<!\bt\.i)(?<!\brad)(?<!\btel)(?<!\bcel)\.\s"
)
_FREE_LINE = re.compile(r"0?18000")


@dataclass(frozen=True, slots=True)
class Document:
    """An identity document: ``kind`` (CC, CE, TI, PPT, PA, NIT or empty when not said) and its digits."""

    kind: str
    number: str


def document_kind(text: str) -> str:
    """Return the kind of document a folded text speaks of (CC, CE, TI, PPT, PA, NIT), or empty."""
    return next((kind for kind, pattern in _KINDS if pattern.search(text)), "")


def check_nit(digits: str, *, with_dv: bool) -> str | None:
    """Return a NIT as base and check digit (10 digits), adding the digit when it was not said.

    The check digit is that of the DIAN (``stdnum.co.nit``). None means that a said check digit is wrong.
    """
    from stdnum.co import nit

    if with_dv:
        return digits if nit.calc_check_digit(digits[:-1]) == digits[-1] else None
    return digits + str(nit.calc_check_digit(digits))


def read_document(text: str) -> Document | None:
    """Read the whole of a folded ``text`` as an identity document; a wrong NIT check digit or bad length is None."""
    passport = _PASSPORT.search(text) or _BARE_PASSPORT.fullmatch(text)
    if passport and passport[1] not in _NO_PASSPORT:
        return Document("PA", f"{passport[1]}{passport[2]}".upper())
    match = _RUN.search(text)
    said = match["run"] if match else ""
    if not match:
        loose = re.search(r"\d[\d. \-]{2,24}", text)
        said = loose[0] if loose else ""
    if not said:
        return None
    digits = re.sub(r"\D", "", said)
    kind = document_kind(text)
    dashed = re.search(r"\d ?- ?\d\Z", said.strip()) is not None
    if kind == "NIT" or (not kind and dashed and len(digits) == _NIT_DIGITS + 1):
        if len(digits) not in {_NIT_DIGITS, _NIT_DIGITS + 1}:
            return None
        number = check_nit(digits, with_dv=len(digits) == _NIT_DIGITS + 1)
        return Document("NIT", number) if number else None
    return Document(kind, digits) if len(digits) in DOCUMENT_DIGITS else None


def read_phone(text: str) -> str | None:
    """Read a Colombian (or, with ``+``, foreign) phone number; E.164, or None when no such number can exist.

    Landlines have ten digits beginning with 60 since 2021; the old seven are not enough to call.
    """
    import phonenumbers

    digits = re.sub(r"[^\d+]", "", text)
    if not _plausible_phone(digits):
        return None
    try:
        number = phonenumbers.parse(digits if digits.startswith("+") else _national(digits), "CO")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    national = str(number.national_number)
    if number.country_code == 57 and not re.fullmatch(r"3\d{9}|60[1245678]\d{7}", national):  # noqa: PLR2004
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _plausible_phone(digits: str) -> bool:
    plain = digits.removeprefix("+")
    return plain.isdecimal() and 8 <= len(plain) <= 15  # noqa: PLR2004 - E.164 allows 15


def _national(digits: str) -> str:
    if digits.startswith("57") and len(digits) == _PHONE_DIGITS + 2:
        return "+" + digits
    if digits.startswith("0057"):
        return "+" + digits[2:]
    return digits


def _looks_like_phone(digits: str) -> bool:
    return bool(re.fullmatch(r"(?:57)?(?:3\d{9}|60[1245678]\d{7})", digits))


def _by_length(digits: str, raw: str) -> str:
    if len(digits) in RADICADO_DIGITS:
        return "radicado"
    if raw.startswith("+") or _looks_like_phone(digits):
        return "telefono"
    # Ten digits from 1 on are a NUIP; people write dots in their cedula and in nothing else this long.
    if (len(digits) == _PHONE_DIGITS and digits[0] == "1") or _DOTTED.fullmatch(raw):
        return "documento"
    return ""


def _label_before(text: str, start: int, end: int) -> str:
    """Return the kind that the nearest label names: the last one before the number, else one right after it."""
    before = list(_LABEL.finditer(text, max(0, start - _NEAR), start))
    shape = _by_length(re.sub(r"\D", "", text[start:end]), text[start:end])
    if shape and any(label.lastgroup == shape for label in before):
        return shape
    if before and not _END_OF_SENTENCE.search(text, before[-1].end(), start):
        return str(before[-1].lastgroup)
    after = _LABEL.match(text, end + 1, min(len(text), end + 20)) or re.match(
        r" (?:es|de) (?:mi |el |la )", text[end : end + 12]
    )
    if after and after.re is _LABEL:
        return str(after.lastgroup)
    if after:
        named = _LABEL.match(text, end + after.end())
        return str(named.lastgroup) if named else ""
    return ""


def _fits(name: str, digits: str) -> bool:
    if name == "radicado":
        return len(digits) in range(6, 25)
    if name == "cuenta":
        return len(digits) in range(4, 13)
    if name == "documento":
        return len(digits) in DOCUMENT_DIGITS
    return name == "telefono" and len(digits) in range(7, 16)


def _kind_of(reading: Reading, digits: str, raw: str, label: str) -> str:
    if label and _fits(label, digits):
        # "mi cuenta es 20260770000012": fourteen digits are a radicado whatever they are called.
        return "radicado" if len(digits) in RADICADO_DIGITS else label
    length = _by_length(digits, raw)
    asked = reading.asked if reading.asked in _LABELS else ""
    if asked and _fits(asked, digits) and length != "radicado":
        return asked
    if length:
        return length
    return "cuenta" if len(digits) in ACCOUNT_DIGITS else ""


def read(reading: Reading, *, surest: bool = False) -> None:
    """Find ``radicado``, ``cuenta``, ``documento`` and ``telefono``; values are digits, phones E.164.

    With ``surest`` just the numbers that a word names ("mi cuenta es …") or that have the shape of a radicado or a
    mobile, which no other reader may claim.
    """
    text = reading.text
    for passport in _PASSPORT.finditer(text):
        reading.add("documento", f"{passport[1]}{passport[2]}".upper(), passport.start(1), passport.end(2))
    for match in _RUN.finditer(text):
        start, end = match.span("run")
        raw = match["run"]
        if raw.startswith("("):
            start, raw = start + 1, raw[1:]
        if "#" in text[match.start() : start] and "-" in raw:
            continue  # a plate: "# 105-20"
        glued = _LABEL.fullmatch(match["glued"] or "")
        _weigh(reading, raw, start, end, str(glued.lastgroup) if glued else "", surest=surest)
    for spoken in dictated(text):
        label = _label_before(text, spoken.start, spoken.end)
        sure = label or _looks_like_phone(spoken.digits) or reading.asked in _LABELS
        if (sure or spoken.is_spelled) and reading.is_free(spoken.start, spoken.end):
            _weigh(reading, spoken.digits, spoken.start, spoken.end, "", surest=surest)


def _weigh(reading: Reading, raw: str, start: int, end: int, label: str, *, surest: bool) -> None:
    """Keep one long number if it is what its label, its shape or the question make it."""
    if reading.is_full:
        return
    text, digits = reading.text, re.sub(r"\D", "", raw)
    label = label or _label_before(text, start, end)
    is_price = text[max(0, start - _NEAR) : start].rstrip().endswith("$")
    is_sure = _fits(label, digits) or _by_length(digits, raw) in {"radicado", "telefono"}
    # "R-2026-000045" is the number of a report.
    is_report = re.search(r"\br[- ]\Z", text[max(0, start - 3) : start])
    if is_price or is_report or _FREE_LINE.match(digits) or not reading.is_free(start, end) or (surest and not is_sure):
        return
    kind = _kind_of(reading, digits, raw, label)
    shown = _READING.search(text[max(0, start - _NEAR - _NEAR) : start])
    if kind != "cuenta" or not (_COUNTED.match(text, end) or (shown and not _ACCOUNT_SAID.search(shown[0]))):
        _keep(reading, kind, raw, start, end, label)


def _keep(reading: Reading, kind: str, raw: str, start: int, end: int, label: str) -> None:
    digits = re.sub(r"\D", "", raw)
    if kind == "telefono":
        phone = read_phone(raw)
        if phone:
            reading.add(kind, phone, start, end)
        elif len(digits) in ACCOUNT_DIGITS and "telefono" not in {reading.asked, label}:
            reading.add("cuenta", digits, start, end)
    elif kind == "documento":
        near = reading.text[max(0, start - _NEAR) : start]
        document = read_document(("nit " if document_kind(near) == "NIT" else "") + raw)
        if document:
            reading.add(kind, document.number, start, end)
    elif kind:
        reading.add(kind, digits, start, end)
