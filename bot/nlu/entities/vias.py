"""The grammar of Colombian addresses: the words of streets, their numbers, what completes them, and their patterns."""

from __future__ import annotations

import re

from bot.nlu.entities.formas import MONTH, WEEKDAYS
from bot.nlu.numbers import NUMBER_WORD, ORDINALS

WAYS = (
    ("AC", r"avenida calle|avda\.? calle|av\.? ?(?:calle|cll|cl)|ac"),
    ("AK", r"avenida carrera|avda\.? carrera|av\.? ?(?:carrera|cra|kra|kr)|ak"),
    ("CQ", r"circular|circ|cq"),
    ("DG", r"diagonal|diag|dg|dig"),
    ("TV", r"transversal|transversa|tranversal|transv|trans|tranv|trv|tv|tr"),
    ("CL", r"calle|caye|cale|callle|clle|cll|cl|c"),
    ("KR", r"carrera|karrera|carera|cararera|carr|crra|cra|kra|kr|cr|k"),
    ("AV", r"avenida|abenida|autopista|autop|avda|ave|av"),
)
_WAY = "|".join(f"(?P<{code}>{words})" for code, words in WAYS)
#: The word of a second street: "calle 8 con carrera 3".
_CROSS = r"calles?|carreras?|cra|cll|cl|kr|kra|cr|diagonal|dg|transversal|tv|avenida|av|circular|autopista"
#: Words of a named way, or of the second one, and the way they are.
_CODES = tuple((code, re.compile(words)) for code, words in WAYS)
_ORDINAL_END = r"(?:ra|da|ta|ma|va|na|era)(?![a-z])"
# A letter stands at the number ("52A", "3N") or apart from it; apart, only letters that no word of Spanish is.
_NUMBER = (
    rf"\d{{{{1,3}}}}(?!\d)(?:{_ORDINAL_END}|(?P<{{0}}_letter>(?!no\b)[a-z]{{{{1,2}}}})(?![a-z])|"
    r" (?P<{0}_apart>(?!a (?:las?|los|el|mi|un|una|que|donde)\b)[abcdfgh]n?|[a-z](?= ?(?:#|- ?\d|bis\b|sur\b|norte\b|este\b|oeste\b))|[ijlmpqrstvwz](?= \d))(?![a-z]))?"
    r"(?: ?(?P<{0}_bis>bis)(?: ?(?P<{0}_bis_letter>[a-z])(?![a-z]))?)?(?: ?(?P<{0}_side>sur|norte|este|oeste)\b)?"
)
_SIGN = r"#|numeral|nro\.?|numero|num\.?|no\.?|n\.|n(?=\s?\d)"
_SEP = (
    rf"\s{{0,2}}(?:,\s?)?(?P<sep>{_SIGN}|"
    rf"(?:(?:entre|con|por|x|y|esquina(?: con)?|a la altura de) )?(?:las? )?(?P<cross>{_CROSS})\b\.?|"
    r"(?:entre|con)(?: las?)?|por|x|/)?\s{0,2}#?\s{0,2}"
)
_FIRST = rf"\b(?:{_WAY})\.?\s{{0,2}}(?:#\s?|n[ou]\.? )?(?P<first>{_NUMBER.format('a')})"
#: A street, a second number, and the plate or the corner.
STREET = re.compile(
    rf"{_FIRST}{_SEP}(?P<second>{_NUMBER.format('b')})"
    r"(?:\s{0,2}(?:-|–|guion|raya|menos|\s)\s{0,2}(?P<plate>\d{1,3}(?:[a-z](?![a-z]))?)(?!\d|:|[.,]\d)"
    r"(?: ?(?P<plate_side>sur|norte|este|oeste)\b)?|\s{0,2},?\s?(?P<corner>esquina))?"
)
#: A street alone: half an address, unless a house of it follows.
HALF_STREET = re.compile(_FIRST)
#: "entre calles 5 y 6 con carrera 8".
BETWEEN = re.compile(
    rf"\bentre (?:las? )?(?:(?:{_CROSS})\.? )?(?P<second>\d{{1,3}}[a-z]?) y (?:la )?(?:(?:{_CROSS})\.? )?\d{{1,3}}[a-z]?,? "
    rf"(?:(?:con|por|sobre|de|en) )?(?:la )?(?:{_WAY})\.? (?P<first>\d{{1,3}}[a-z]?)(?!\d)"
)
#: The second street of "entre 20 y 21".
AND_NUMBER = re.compile(rf" y (?:la )?(?:(?:{_CROSS})\.? )?\d{{1,3}}[a-z]?(?![a-z\d])")
#: A street with a name of its own: "calle real # 4-12", "avenida las américas con 50", "avenida 30 de agosto # 8-20".
_AVENUE = r"avenida|abenida|autopista|autop|troncal|avda|av"
_OWN_NAME = rf"\d{{1,2}} de (?:{MONTH})|[a-z]{{2,14}}(?: [a-z]{{2,14}}){{0,2}}?"
NAMED_WAY = re.compile(
    rf"\b(?P<way>{_AVENUE}|calle|carrera|cll|cra|diagonal|transversal)\.? (?P<name>{_OWN_NAME})"
    rf"(?: con (?:la )?(?P<cross>(?:{_CROSS}) )?(?P<corner>\d{{1,3}}[a-z]?)(?![a-z\d])|"
    r"(?: ?(?:#|n?no\.?|nro\.?|numero)\s{0,2}| )(?P<number>\d{1,3}[a-z]?)\s?-\s?(?P<plate>\d{1,3})(?!\d))"
)
#: The same alone; the name has to be written as one.
NAMED_AVENUE = re.compile(rf"\b(?:{_AVENUE})\.? (?P<name>[a-z]{{2,14}}(?: [a-z]{{2,14}}){{0,2}})")
#: The rest of a street that bears a date: "avenida 30 de agosto".
MONTH_AFTER = re.compile(rf" de (?:{MONTH})\b")

PARTS = (
    ("AP", r"apartamento|apartamentos|apto|aparta|ap|apt"), ("TO", r"torre|to"), ("BL", r"bloque|blq|bl"),
    ("IN", r"interior|int|in"), ("CS", r"casa|cs|csa"), ("LT", r"lote|lt"), ("MZ", r"manzana|mansana|manz|mza|mz"),
    ("SMZ", r"supermanzana|super manzana|smz"), ("SLT", r"superlote|super lote"),
    ("PI", r"piso|pi"), ("LC", r"local|lc|loc"), ("OF", r"oficina|ofic|ofc|of"), ("ET", r"etapa|et"),
)  # fmt: skip
PLACES = (
    ("VIA", r"via|carretera|troncal"), ("VDA", r"vereda|vda|bereda"), ("FCA", r"finca|fca"), ("HDA", r"hacienda"),
    ("CORR", r"corregimiento|corr|correg"), ("CONJ", r"conjunto(?: residencial| cerrado)?|conj|condominio|unidad residencial"),
    ("URB", r"urbanizacion|urb"), ("PARCELACION", r"parcelacion"), ("BRR", r"barrio|brr|varrio|bario"),
    ("COM", r"comuna|com"), ("LOCALIDAD", r"localidad"), ("SEC", r"sector"), ("INV", r"invasion"), ("ASN", r"asentamiento"),
    ("ED", r"edificio|ed"), ("PARCELA", r"parcela"),
)  # fmt: skip
ORDINAL = "(?:" + "|".join(word for word, number in ORDINALS.items() if number > 0) + ")"
FLOOR = re.compile(rf"(?P<floor>\d{{1,2}}|{ORDINAL})(?:do|er|ro|to|mo|vo|no|o)? piso\b")
KILOMETRE = re.compile(
    r"(?<![a-z])(?:kilometro|km)\.?\s{0,2}(?P<km>\d{1,3})(?P<more>[.,]\d{1,3}| y medio|\s?\+\s?\d{1,3})?(?!\d)"
)
PART = re.compile(
    r"(?<![a-z])(?:"
    + "|".join(f"(?P<{code}>{words})" for code, words in PARTS)
    + r")\.?\s{0,2}(?:#|no\.?|numero)?\s{0,2}"
    r"(?P<value>\d{1,4}(?:[a-z](?![a-z\d])| [a-d](?![a-z\d])|(?![a-z\d]))|(?<![a-z])[a-z]\d{0,3}(?![a-z\d])|"
    + ORDINAL
    + r"\b)"
)
PLACE = re.compile(
    r"(?<![a-z])(?:" + "|".join(f"(?P<{code}>{words})" for code, words in PLACES) + r")\.?\s{1,2}(?:del? )?"
    r"(?P<value>(?:(?:la|el|los|las|san|santa|santo|villa|a|al) ){0,2}[a-z0-9]{1,20}(?: [a-z0-9]{1,20}){0,3})"
)
#: Words at which an address without a street begins.
BEGIN = re.compile(
    r"(?<![a-z])(?:mz|mza|manz|manzana|mansana|supermanzana|super manzana|smz|superlote|super lote|km|kilometro|vereda|vda|"
    r"finca|fca|hacienda|corregimiento|parcela|torre|bloque|interior|apartamento|apto|casa|cs|lote|lt|etapa|sector|edificio|"
    r"conjunto|condominio|urbanizacion|parcelacion|via|carretera|troncal)\b"
)
JOINS = re.compile(r"[\s,.;:-]{0,4}(?:(?:de la|del|de|en la|en el|en|el|la)\s)?")

STOP = frozenset(
    "no se que hay esta desde hace con sin y o pero porque por para cuando donde es fue son tenemos tengo estamos llego"
    " llega lleva llevamos nos me ya aun en mi necesito quiero hoy ayer anoche todavia aqui alla buenas gracias frente"
    " telefono tel cel celular apartamento apto torre bloque interior casa cs lote manzana mz piso local etapa vereda"
    " vda finca fca barrio brr sector km kilometro via corregimiento municipio cedula cuenta a al cerca esquina antes"
    " despues conjunto urbanizacion siempre tampoco sigue queda soy somos estan seguimos quedamos calle carrera cra cll"
    " le les lo ha han su sus estaba estaban tiene tienen va van viene sale paso pasa hasta donde cual como ni si tan muy"
    " mas oscura oscuro principal entera entero completa completo toda todo cerrada cerrado rota roto sola solo llena"
    " hacienda parcelacion edificio condominio troncal luz agua gas energia acueducto".split()
) | frozenset(WEEKDAYS)
#: Verbs that go on after the name of a place.
GOING_ON = re.compile(r"[a-z]{2,20}(?:ando|endo|ieron|aban)|[a-z]{4,20}(?:amos|emos|imos|aron)")
ARTICLES = frozenset({"el", "la", "los", "las", "de", "del"})

#: What is counted after "calle 5 con 3" says that the 3 is no street; an amount, a measure or an hour is none either.
COUNTED = re.compile(
    r"\s?(?:dias?|ve[cz](?:es)?|personas?|mes(?:es)?|horas?|hr|anos?|minutos?|semanas?|cuotas?|recibos?|mil|millon(?:es)?|palos?|lucas|pesos?|"
    r"metros?|mts?|kms?|kilos?|pulgadas?|voltios?|por ciento|vez)\b|[.,:/]\d|\s?%|\s?[ap]\.? ?m\b"
)
_PLURAL = re.compile(r"\s([a-z]{2,16}s)\b")
_NO_NOUN = frozenset(
    "los las nos vos sus mis tus mas menos es pues entonces antes despues lunes martes miercoles jueves viernes detras atras"
    " demas ademas gracias ustedes apenas quizas estas estos esos esas unos unas otros otras todos todas buenas buenos tras dos"
    " tres seis".split()
)


def is_counted(text: str, end: int) -> bool:
    """Whether the number that ends at ``end`` counts or measures what follows: "3 días", "2 pisos", "20 mil"."""
    if COUNTED.match(text, end):
        return True
    plural = _PLURAL.match(text, end)
    return plural is not None and plural[1] not in _NO_NOUN and not plural[1].endswith("mos")


def code_of(word: str) -> str:
    """Return the code of the way that ``word`` names; an avenue when it is no other."""
    word = word.removesuffix("s")
    return next((code for code, words in _CODES if words.fullmatch(word)), "AV")


#: What may follow a bare number of a street: the end, a sign, or a word that goes on with the sentence.
_GOES_ON = (
    r"(?=\W{0,3}\Z|\s?[,.;?!]|\s(?:hay|no|se|esta|estan|frente|desde|donde|y|del?|en|al?|cayo|por|sigue|un|una|botan|con|"
    r"hasta|que|donde|toda|todo|ya|huele|dejaron|quedo|sin|son|fue|es|cerca|nadie|nunca|llevamos|explot[oa]|revento|los|las|la|el)\b)"
)
#: Corners by bare numbers: "la quinta con treinta y siete", "la 30 con 8"; what follows must not be what they count.
CORNER = re.compile(
    rf"\bla (?P<first>\d{{1,3}}|{ORDINAL})(?P<first_letter>{_ORDINAL_END}|[a-z](?![a-z]))? con (?:la |calle |carrera )?"
    rf"(?P<second>\d{{1,3}}|(?:{NUMBER_WORD})(?: y (?:{NUMBER_WORD}))?|{ORDINAL})(?:{_ORDINAL_END}|(?P<second_letter>[a-z])(?![a-z]))?"
    r"(?P<corner> esquina)?(?![a-z\d])"
)
CORNER_GOES_ON = re.compile(_GOES_ON)
#: Words before such a corner after which anything may follow: "en la 15 con 20 explotó".
PLACE_LEAD = re.compile(
    r"(?:\A|\b(?:en|por|sobre|hasta|desde|toda|queda|estoy|vivo|esquina de|cerca (?:de|a)|[.,:;]) ?)\Z"
)
#: A street by its bare number: "por la 15 hay un tubo roto", "toda la 27".
BARE = re.compile(
    rf"\b(?:por|sobre|toda|en toda|subiendo por|bajando por) la (?P<first>\d{{2,3}}|[2-9]a)(?![a-z\d]){_GOES_ON}"
)
#: From one street to another by bare numbers: "de la 20 a la 24"; nobody says "la" of an hour but the first.
BARE_RANGE = re.compile(
    rf"\b(?:de|desde|entre) la (?P<first>\d{{2}})(?![a-z\d]) (?:a|hasta|y) la (?P<second>\d{{2,3}})(?![a-z\d]){_GOES_ON}"
)
#: Without any of these there is no address to look for: most messages are done with here.
HINT = re.compile(
    rf"\d|\bla (?:{ORDINAL}|{NUMBER_WORD})\b|\b(?:ca[lry]|kar|c[lr]|k|av|aben|autop|di|dg|t[rv]|ci|m[az]|super|fin|fca|hac|ver|"
    r"vda|corr|par|tor|blo|int|ap|cs|lo?t|eta|sec|edi|con[jd]|urb|via|trans?|tron)"
)
