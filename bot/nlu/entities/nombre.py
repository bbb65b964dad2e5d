"""Names of persons: after "me llamo", "soy", "mi nombre es", or as a direct answer."""

from __future__ import annotations

import re
from itertools import islice

from bot.nlu.entities.found import Reading
from bot.nlu.entities.nombres import ALSO_WORDS, NOT_A_NAME, SMALL, is_given
from bot.nlu.normalise import fold

_TITLE = r"(?:(?:el |la )?(?:don|dona|sr\.?|sra\.?|senor|senora|seno|senorita|doctora?|dr\.?|dra\.?|profe|profesora?|ingenier[oa]|tecnic[oa]|(?:lic|ing|arq|abg|abog)\.?|sor|fray|padre|pastora?) )?"
_INTRODUCED = re.compile(
    r"\b(me llamo|mi nombre(?: completo)?(?: es)?|(?:le|les) (?:habla|escribe|saluda)|habla con|(?<!no )habla|me dicen|me presento,?(?: soy)?|"
    r"soy|nombre(?: completo)?\s?:|nombres? y apellidos?\s?:?|nombre completo|titular(?: es|:)|(?:usuari[oa]|suscriptora?:|solicitante|firma)\s?:?|"
    rf"att[e]?[.:]{{0,2}}|atentamente,?|cordialmente,?|suscrit[oa],?)\s+{_TITLE}(?=[a-z])"
)
#: "con Fulana de Tal, mucho gusto"; "yo, Fulana de Tal, identificada con cédula".
_GREETED = re.compile(
    r"(?:\A|[,.] ?|\b)con ([a-z]{3,14}(?: [a-z]{2,14}){0,4}), (?:mucho gusto|para servirle|a la orden)\b|"
    r"\byo,? ([a-z]{3,14}(?: [a-z]{2,14}){1,4}?),? (?:identificad[oa]|mayor de edad|con (?:cedula|cc|c\.c)|portador|vecin[oa] de)\b"
)
_KIN = r"herman[oa]|espos[oa]|marido|mujer|hij[oa]|mama|papa|ma|pa|madre|padre|ti[oa]|abuel[oa]|suegr[oa]|prim[oa]|cunad[oa]|novi[oa]|comadre|compadre|amig[oa]|vecin[oa]|nuera|yerno|niet[oa]|sobrin[oa]|jef[ea]|abogad[oa]|patron|patrona|arrendatari[oa]|inquilin[oa]|emplead[oa]"
_OFFICE = r"president[ea]|vocal|vocer[oa]|testigo|duen[oa]|titular|encargad[oa]|administrador|administradora|propietari[oa]|responsable|heredero|heredera"
#: Words that lead to the name of somebody who is spoken of.
_OTHER = re.compile(
    r"\b(don|dona|senora?|seno|senorita|sra?\.?|joven|muchach[oa]|nin[oa]|tecnic[oa]|ingenier[oa]|inge|doctora?|dra?\.?|asesora?|"
    r"funcionari[oa]|operari[oa]|cajer[oa]|emplead[oa]|profe|profesora?|comadre|compadre|vecin[oa]|patrona|patron|conductor|chofer|"
    r"supervisora?|inspectora?|fontanero|plomero|electricista|barrendero|escobita|contratista|gestora?|promotora?|secretari[oa]|coordinadora?|director|directora|gerente|pastora?|liniero|mensajero|lectora?|porter[oa]|celador|vigilante|inquilin[oa]|arrendatari[oa]|difunt[oa]|finad[oa]|"
    rf"(?:{_OFFICE})(?:(?: (?:de|del) (?:la |el )?[a-z]{{4,14}})?(?:,| es| se llama))?|"
    rf"(?:mi|su|la|el) (?:{_KIN}),?|una? tal|(?:se|me) llama(?:ba)?|de nombre|a nombre de|a nombre de (?:(?:mi|su) (?:{_KIN})|ella|el)|"
    r"hoja de vida de|apellido,? (?:que |no )?es|apellidos?|(?:me|nos|lo|la) (?:atendio|colgo|grito|trato|ayudo|resolvio|recibio))\s+(?=[a-z])"
)
#: The same where many other things may follow: only a given name is a person there.
_LOOSE = re.compile(
    r"\b(?:(?:vivo|vive|hable|hablo|hablar|hablando|hablamos|quede|comunique\w*|contacto|contactar) con|(?:pregunt\w{1,6}|respond[ea]) por|"
    r"(?:llam\w{1,6}|entreg\w{1,8}|felicit\w{1,9}|autoriz\w{1,3}|denunci\w{1,4}|elegimos|eligieron|conozc\w{1,2}|arrende|vendi|digan?le|"
    r"avisen?le|gracias|saludos) a|(?:saludos?|parte|(?:hij[oa]|espos[oa]|viud[oa]|niet[oa]|herman[oa]|mama|papa|madre|padre|sobrin[oa]|vecin[oa])|predio era|casa era|casa es|recibo es|era) de|contra|atendi[oa] (?:por )?)\s+(?=[a-z])"
)
#: These are done to persons: any word with a capital is one.
_CHOSEN = re.compile(r"felicit|elegimos|eligieron|autoriz")
#: Messages about a wrong name, in which the names stand alone: "me pusieron Jon y es Jhon".
_ABOUT_NAMES = re.compile(
    r"\b(?:mi nombre|nombre mal|mal el nombre|el nombre (?:esta|quedo|sale|salio|aparece)|apellidos?|me pusieron|escribieron)\b"
)
_NAME_LEAD = re.compile(
    r"(?:\b(?:es|pusieron|escribieron|aparece|aparezco como|sale|dice|no|con|le)[,:]? |[«\"“',] ?)[«\"“']?\Z"
)
#: After these even a word nobody knows is a name ("doña yoli").
_SURE_TITLES = frozenset({"don", "dona"})
_PLACE_BEFORE = re.compile(
    r"\b(?:san|santa|villa|barrio|brr|vereda|puerto|en|calle|avenida|av|sector|colegio|hospital|parque|ciudad|clinica|banco|edificio|conjunto|por|rio|ave|copropiedad|calle|carrera|"
    r"cra|cll|vereda|vda|finca|hacienda|hotel|cancha|iglesia|parroquia|escuela|fundacion|estadio|coliseo|circuito|plaza|puente|quebrada|"
    r"monte|jose de|san jose|isla|la|los|las|radio|tienda|drogueria|centro|institucion|ie|urbanizacion|urb|villas|portal|altos) \Z"
)
_WORD = re.compile(r"[a-z'-]+")
#: The role of a name that is not that of whoever writes.
OTHER = "otra_persona"
_MOST_BARE = 120
_MOST_CUES = 100
_NEAR = 16
_MOST_WORDS = 6
_MOST_SURNAMES = 2
_LONGEST_NAME = 80
_SHORTEST_TOLD = 3


def _cut(reading: Reading, start: int) -> tuple[int, int] | None:
    """Return the span of the words from ``start`` that can be a name: given names, and two surnames after them."""
    end = at = start
    count = surnames = 0
    is_written = is_shouted = False
    while count < _MOST_WORDS:
        match = _WORD.match(reading.text, at)
        if not match or (match[0] in NOT_A_NAME and match[0] not in SMALL):
            break
        count += 1
        if match[0] not in SMALL:
            said = _said(reading, *match.span())
            if count == 1:
                is_written, is_shouted = said[:1].isupper(), said.isupper()
            elif is_written and not said[:1].isupper() and not is_given(match[0]):
                break  # a name with capitals ends where they end
            elif not is_given(match[0]):
                surnames += 1
            if surnames > _MOST_SURNAMES or (is_shouted and not said.isupper()):
                break
            end = match.end()
        at = match.end()
        if reading.text[at : at + 1] != " ":
            break
        at += 1
    return (start, end) if end > start else None


def _is_credible(reading: Reading, cue: str, start: int, end: int) -> bool:
    words = reading.text[start:end].split()
    if words[0] in NOT_A_NAME or words[0] in SMALL or len(words[0]) < 2:  # noqa: PLR2004
        return False
    if cue == "me llamo" and "ó" in _said(reading, start - len("llamo "), start).lower():
        return False  # "me llamó alguien"
    if cue in {"me llamo", "nombre:", "nombre :"} or cue.startswith(
        ("mi nombre es", "mi nombre completo", "atte", "atentamente", "titular", "nombres")
    ):
        return True
    return is_given(words[0]) or _is_capital(reading, start) or (len(words) > 1 and _is_shouted(reading, start, end))


def _said(reading: Reading, start: int, end: int) -> str:
    left, right = reading.folded.span(start, end)
    return reading.original[left:right]


def _is_capital(reading: Reading, start: int) -> bool:
    """Whether the word at ``start`` has one capital, its first letter."""
    left, _ = reading.folded.span(start, start + 1)
    return reading.original[left].isupper() and not reading.original[left + 1 : left + 2].isupper()


def _is_shouted(reading: Reading, start: int, end: int) -> bool:
    """Whether a name is all in capitals in a message that is not."""
    return _said(reading, start, end).isupper() and not reading.original.isupper()


def titled(name: str) -> str:
    """Write a name with capitals where they belong: ``maría de la paz`` → ``María de la Paz``."""
    words = name.split()
    return " ".join(
        word.lower()
        if word.lower() in SMALL and place
        else word
        if word[:1].isupper() and not word.isupper()
        else word[:1].upper() + word[1:].lower()
        for place, word in enumerate(words)
    )


def _keep(reading: Reading, start: int, end: int, role: str = "") -> None:
    left, right = reading.folded.span(start, end)
    reading.add("nombre", titled(reading.original[left:right]), start, end, role)


def read(reading: Reading) -> None:
    """Find ``nombre`` where a person is introduced; with the role "otra_persona" where somebody is spoken of."""
    for match in islice(_INTRODUCED.finditer(reading.text), _MOST_CUES):
        span = _cut(reading, match.end())
        if span and _is_credible(reading, match[1].strip(), *span):
            _keep(reading, *span)
    for match in _GREETED.finditer(reading.text):
        group = 1 if match[1] else 2
        if is_given(match[group].split()[0]) or _is_capital(reading, match.start(group)):
            _keep(reading, *match.span(group))
    for match in _OTHER.finditer(reading.text):
        span = _cut_other(reading, match.end())
        if span and _is_other(reading, match[1], *span):
            _keep(reading, *span, OTHER)
    for match in _LOOSE.finditer(reading.text):
        span = _cut_other(reading, match.end())
        words = reading.text[slice(*span)].split() if span else []
        is_sure = (
            len(words) > 1
            or _CHOSEN.match(match[0]) is not None
            or (bool(words) and is_given(words[0]) and words[0] not in ALSO_WORDS)
        )
        if (
            span
            and (is_sure or (_is_capital(reading, span[0]) and is_given(words[0])))
            and _is_other(reading, "", *span)
        ):
            _keep(reading, *span, OTHER)
    _read_bare(reading)
    if _ABOUT_NAMES.search(reading.text):
        _read_told(reading)


def _cut_other(reading: Reading, start: int) -> tuple[int, int] | None:
    """Return the span of a name without a bound of its own: one word, and those with a capital that follow it."""
    span = _cut(reading, start)
    if span is None:
        return None
    words = list(_WORD.finditer(reading.text, *span))
    end = words[0].end()
    for word in words[1:]:
        if (
            _is_capital(reading, word.start())
            or (is_given(word[0]) and word[0] not in ALSO_WORDS)
            or _is_shouted(reading, start, word.end())
        ):
            end = word.end()
        elif word[0] not in SMALL:
            break
    return start, end


def _is_other(reading: Reading, cue: str, start: int, end: int) -> bool:
    first = reading.text[start:end].split()[0]
    if first in NOT_A_NAME or first in SMALL or len(first) < 3:  # noqa: PLR2004
        return False
    return cue in _SURE_TITLES or is_given(first) or _is_capital(reading, start)


def _read_bare(reading: Reading) -> None:
    """Find given names that stand inside a sentence: "me eligieron a mí, Germán Tafur", "Gladys, que venga el chofer"."""
    for match in islice(_WORD.finditer(reading.text), _MOST_BARE):
        if not is_given(match[0]) or not reading.is_free(*match.span()):
            continue
        before = reading.text[max(0, match.start() - _NEAR) : match.start()]
        span = _cut_other(reading, match.start()) or match.span()
        if _PLACE_BEFORE.search(before):
            continue
        is_first = not match.start() or re.search(r"[.!?:\n]\s*\Z", before) is not None
        is_called = is_first and reading.text[span[1] : span[1] + 1] == ","
        is_written = _is_capital(reading, match.start()) and not is_first
        is_word = match[0] in ALSO_WORDS
        if (span[1] > match.end() and (is_written or not is_word)) or (not is_word and (not is_first or is_called)):
            _keep(reading, *span, OTHER)


def _read_told(reading: Reading) -> None:
    """Find the words with a capital that correct a name: "mi apellido no es Gomes, es Gómez"."""
    for match in islice(_WORD.finditer(reading.text), _MOST_BARE):
        before = reading.text[max(0, match.start() - _NEAR) : match.start()]
        if (
            len(match[0]) >= _SHORTEST_TOLD
            and match[0] not in NOT_A_NAME
            and _NAME_LEAD.search(before)
            and _is_capital(reading, match.start())
        ):
            _keep(reading, *(_cut_other(reading, match.start()) or match.span()), OTHER)


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
    if words[0] in NOT_A_NAME or (len(words) == 1 and len(words[0]) < 2):  # noqa: PLR2004
        return None
    if any(word in NOT_A_NAME and word not in SMALL for word in words):
        return None
    return titled(original)


def introduces(text: str, name: str) -> bool:
    """Whether ``text`` can only have meant a name: an introduction, or a given name everybody bears."""
    folded = fold(text).text.lstrip()
    return _INTRODUCED.match(folded) is not None or is_given(fold(name).text.split()[0])
