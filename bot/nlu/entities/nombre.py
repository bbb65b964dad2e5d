"""Names of persons: after "me llamo", "soy", "mi nombre es", or as a direct answer."""

from __future__ import annotations

import re

from bot.nlu.entities.found import Reading
from bot.nlu.normalise import fold

_INTRODUCED = re.compile(
    r"\b(me llamo|mi nombre(?: completo)? es|le (?:habla|escribe|saluda)|les (?:habla|escribe)|a nombre de|habla con|"
    r"soy|nombre\s?:|titular(?: es|:)|se llama|atte\.?:?|atentamente,?)\s+(?=[a-z])"
)
_WORD = re.compile(r"[a-z'-]+")
_SMALL = frozenset("de del la las los y san santa da dos".split())
_NOT_A_NAME = frozenset(
    "no si el un una usuario usuaria cliente suscriptor propietario propietaria dueno duena inquilino inquilina"
    " arrendatario arrendataria arrendador vecino vecina presidente presidenta residente habitante yo mi que"
    " quien nuevo nueva muy tan adulto mayor madre padre cabeza discapacitado desplazado victima pensionado"
    " administrador administradora lider lideresa de del esta este aqui ella porque con para por desde en y pero ya"
    " quiero necesito tengo vivo dona don senor senora estrato fiel solo sola otra otro titular hijo hija esposa esposo"
    " hace anos como tambien es era sumamente pobre mama papa gracias buenas hola cedula identificado identificada"
    " cc telefono celular favor su mis la los las a al cuenta factura colombiano colombiana venezolano venezolana"
    " mayordomo tercera comerciante tendero profesor profesora doctor abogado abogada apoderado vocal quiere escribo"
    " llamo estoy escribe".split()
)
_GIVEN = frozenset(
    "maria jose luis juan carlos ana jorge pedro andres diana luz paola sandra martha marta gloria rosa carmen jesus"
    " miguel angel david daniel diego camilo felipe santiago sebastian alejandro alejandra laura natalia carolina"
    " claudia patricia monica adriana angela yolanda blanca esperanza mercedes fernando ricardo oscar hernan alvaro"
    " alberto rafael manuel mario julio cesar edgar ivan javier william wilson john jhon jaime hector gustavo german"
    " gabriel francisco enrique eduardo antonio armando alfonso alfredo arturo nelson orlando pablo ramiro raul"
    " rodrigo ruben sergio victor yesid yeison jefferson brayan bryan kevin karen katherine leidy yuri yurany viviana"
    " valentina sofia isabella mariana camila daniela andrea paula juliana johana jenny ingrid elizabeth beatriz"
    " cecilia consuelo dora elena elvia emilia flor francy genoveva ines irma isabel janeth julia lina liliana lucia"
    " lucy magdalena margarita marina marlene miriam nancy nelly nidia nohora norma olga pilar raquel rocio rosalba"
    " ruth sara silvia sonia stella susana teresa vanessa veronica ximena yaneth zulma emiliano samuel nicolas tomas"
    " mateo simon esteban cristian christian fabian giovanni harold henry hugo humberto ignacio leonardo mauricio"
    " milton omar".split()
)
_MOST_WORDS = 6
_LONGEST_NAME = 80


def _cut(reading: Reading, start: int) -> tuple[int, int] | None:
    """Return the span of the words from ``start`` that can be a name."""
    end = start
    count = 0
    at = start
    while count < _MOST_WORDS:
        match = _WORD.match(reading.text, at)
        if not match or (match[0] in _NOT_A_NAME and match[0] not in _SMALL):
            break
        count += 1
        if match[0] not in _SMALL:
            end = match.end()
        at = match.end()
        if reading.text[at : at + 1] != " ":
            break
        at += 1
    return (start, end) if end > start else None


def _is_credible(reading: Reading, cue: str, start: int, end: int) -> bool:
    words = reading.text[start:end].split()
    if words[0] in _NOT_A_NAME or words[0] in _SMALL or len(words[0]) < 2:  # noqa: PLR2004
        return False
    if cue not in {"soy", "se llama"} and not cue.startswith(("le ", "les ", "habla", "a nombre")):
        return True
    left, _ = reading.folded.span(start, end)
    return words[0] in _GIVEN or reading.original[left].isupper()


def titled(name: str) -> str:
    """Write a name with capitals where they belong: ``maría de la paz`` → ``María de la Paz``."""
    words = name.split()
    return " ".join(
        word.lower()
        if word.lower() in _SMALL and place
        else word
        if word[:1].isupper() and not word.isupper()
        else word[:1].upper() + word[1:].lower()
        for place, word in enumerate(words)
    )


def read(reading: Reading) -> None:
    """Find ``nombre`` where a person is introduced."""
    for match in _INTRODUCED.finditer(reading.text):
        span = _cut(reading, match.end())
        if span and _is_credible(reading, match[1].strip(), *span):
            left, right = reading.folded.span(*span)
            reading.add("nombre", titled(reading.original[left:right]), *span)


def read_name(text: str) -> str | None:
    """Read the whole of ``text`` as a person's name, with or without "me llamo"; None when it cannot be one."""
    folded = fold(text)
    introduced = _INTRODUCED.match(folded.text.lstrip())
    original = text.strip()
    if introduced:
        spaces = len(folded.text) - len(folded.text.lstrip())
        left, _ = folded.span(introduced.end() + spaces, introduced.end() + spaces + 1)
        original = text[left:]
    original = re.split(r"[,;\n]|\b(?:c\.?c|cédula|cedula|identificad[oa])\b", original, maxsplit=1)[0].strip(" .!")
    if not original or len(original) > _LONGEST_NAME or re.search(r"[\d@#$%/\\<>{}?¿!¡=]", original):
        return None
    words = fold(original).text.split()
    if not words or len(words) > _MOST_WORDS or not all(re.fullmatch(r"[a-z.'’-]+", word) for word in words):
        return None
    if words[0] in _NOT_A_NAME or (len(words) == 1 and len(words[0]) < 2):  # noqa: PLR2004
        return None
    if any(word in _NOT_A_NAME and word not in _SMALL for word in words):
        return None
    return titled(original)


def introduces(text: str, name: str) -> bool:
    """Whether ``text`` can only have meant a name: an introduction, or a given name everybody bears."""
    folded = fold(text).text.lstrip()
    return _INTRODUCED.match(folded) is not None or fold(name).text.split()[0] in _GIVEN
