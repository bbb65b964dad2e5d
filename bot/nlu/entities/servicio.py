"""The public service that is spoken of: agua (acueducto), alcantarillado, aseo, energia, gas."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.nlu.cued import Cued
from bot.nlu.entities.found import Reading
from dialogs.engine.heard import BY_ITS_THING

#: Ways to name each service; folded, compared as whole words.
SERVICES: dict[str, str] = {
    "alcantarillado": r"alcantarillados?|alcantarilla|aguas (?:negras|servidas|residuales)|desague|cloaca|manjol",
    "aseo": r"aseo|(?<!una )(?<!tan )[bv]asuras?|una basura(?! total)(?<!es una basura)(?<!son una basura)|recoleccion|barrido|recolector|carro de la basura|camion de la basura|residuos|desechos",
    "energia": r"energia(?: electrica)?|luz(?! verde| roja| amarilla)|lus|(?:(?<=la )|(?<=sin )|(?<=hay )|(?<=ai )|(?<=ay ))lu|electricidad|"
    r"(?<!al )(?<!cuenta )(?<!cogio )(?<!cojio )(?<!paso )corriente|fluido electrico|alumbrado|electrica|enerjia|"
    r"energetico|electricas",
    "gas": r"gas(?: natural| domiciliario)?|gaz|gass",
    "agua": r"acueducto|agua(?: potable| corriente)?(?<!echo al agua)(?<!echar al agua)(?<!echaron al agua)(?! de(?:l ca[nñ]o|l rio|l mar| mar| lluvia| panela| coco)| podrida| residual| estancada| lluvia| bendita)|agwa|awa|hagua|auga|aguita",
}
#: The names that services have among people, in whatever spelling; all other words are of things or tasks of one.
_NAMES = re.compile(
    r"acue?d|aqued|\b(?:h?agua|agui|agwa|awa|auga)|alcantari\w*o\b|alcantari\w*os\b|\baseo|asura|ener[gj]|\blu[zs]?\b|"
    r"electricidad|fluido|\bga[sz]"
)
_NOT_NAMES = re.compile(r"\baguas? (?:negras?|servidas?|residual(?:es)?|lluvias?)\b")
_WORD = re.compile(r"[a-z]+")
_LONGEST_PHRASE = 4
_MOST_WORDS = 60
_PATTERN = Cued(
    rf"\b(?:{'|'.join(f'(?P<{name}>{words})' for name, words in SERVICES.items())})\b",
    "alcantarilla|agu|agwa|awa|auga|acueducto|cloaca|manjol|aseo|asura|recolec|barrido|residuos|desechos|energ|enerj|lu|"
    "electri|corriente|gas|gaz",
)


def read(reading: Reading, synonyms: Mapping[str, str]) -> None:
    """Find every ``servicio`` that is named, by our own words or by ``synonyms`` (squeezed phrase → service).

    What our own words know they decide themselves: as a synonym «basura» would name a service in «son una basura» too.
    A service told by one of its things has the role ``BY_ITS_THING``, and answers all the same.
    """
    for match in _PATTERN.finditer(reading.text):
        reading.add("servicio", match.lastgroup, match.start(), match.end(), _role(match[0]))
    words = list(_WORD.finditer(reading.text))[:_MOST_WORDS]
    for place in range(len(words)):
        for size in range(min(_LONGEST_PHRASE, len(words) - place), 0, -1):
            start, end = words[place].start(), words[place + size - 1].end()
            phrase = reading.text[start:end]
            value = synonyms.get(phrase)
            if value in SERVICES and not _PATTERN.search(phrase):
                reading.add("servicio", value, start, end, _role(phrase))
                break


def _role(phrase: str) -> str:
    return "" if _NAMES.search(phrase) and not _NOT_NAMES.search(phrase) else BY_ITS_THING


def read_service(text: str) -> str | None:
    """Return the one service that a folded ``text`` names, or None when there is none or several."""
    named = {match.lastgroup for match in _PATTERN.finditer(text)}
    return next(iter(named)) if len(named) == 1 else None
