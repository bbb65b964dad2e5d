"""How dates are said: names of months and days with their slips, and one pattern for each way of saying a day."""

from __future__ import annotations

import re

from bot.nlu.cued import Cued
from bot.nlu.entities.dias import UNITS

MONTHS = {
    "enero": 1, "ene": 1, "febrero": 2, "feb": 2, "marzo": 3, "mar": 3, "abril": 4, "abr": 4, "mayo": 5, "may": 5,
    "junio": 6, "jun": 6, "julio": 7, "jul": 7, "agosto": 8, "ago": 8, "septiembre": 9, "setiembre": 9, "sept": 9,
    "sep": 9, "octubre": 10, "oct": 10, "noviembre": 11, "nov": 11, "diciembre": 12, "dic": 12, "febreo": 2,
    "marso": 3, "habril": 4, "agusto": 8, "diciembe": 12, "octuvre": 10, "novienbre": 11, "nobiembre": 11,
    "disiembre": 12, "dicienbre": 12, "septienbre": 9,
}  # fmt: skip
_LONGEST_ABBREVIATION = 4
_SHORT_MONTHS = ("mayo", "julio", "junio", "abril")
_LONG_MONTHS = tuple(name for name in MONTHS if len(name) > _LONGEST_ABBREVIATION)
WEEKDAYS = {
    "lunes": 0, "martes": 1, "miercoles": 2, "mircoles": 2, "miercole": 2, "mierkoles": 2, "jueves": 3, "juebes": 3,
    "juves": 3, "viernes": 4, "biernes": 4, "vierne": 4, "sabado": 5, "savado": 5, "sabao": 5, "domingo": 6,
    "dominngo": 6, "domigo": 6, "lune": 0, "lunez": 0,
}  # fmt: skip
#: Days of the year that everybody knows: (month, day).
FEASTS = {"navidad": (12, 25), "nochebuena": (12, 24), "ano nuevo": (1, 1), "reyes magos": (1, 6)}
#: Days of Holy Week, counted from Easter.
HOLY_DAYS = {
    "semana santa": -6, "semanasanta": -6, "domingo de ramos": -7, "lunes santo": -6, "martes santo": -5,
    "miercoles santo": -4, "jueves santo": -3, "viernes santo": -2, "sabado santo": -1, "domingo de resurreccion": 0,
    "domingo de pascua": 0, "miercoles de ceniza": -46,
}  # fmt: skip
#: Of these one stands in every month, however it is written.
_MONTH_CUES = "ene|feb|mar|abr|may|jun|jul|ago|agu|sep|set|oct|nov|nob|dic|dis"
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_MONTH_LONG = "|".join(sorted((*_LONG_MONTHS, *_SHORT_MONTHS), key=len, reverse=True))
_DAY_NAME = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
_NUMBER = r"(?:un )?par de|\d{1,3}|[a-z]+(?: y [a-z]+)?"
_SPAN = "|".join(UNITS)
_ABOUT = r"(?:como |unos |unas |mas de |ya |casi |aproximadamente ){0,3}"
_WORKING = r"(?: (?P<working>h?abiles|laborales))?"
_LAST_WORDS = r"pasado|pasada|pasao|pasaa|anterior|antepasado"

ISO = Cued(r"\b(20\d\d)([/-])(\d\d?)\2(\d\d?)(?:[t ](\d\d):(\d\d)(?::\d\d)?(?:-05:?00|z)?)?\b", "20")
SLASHED = re.compile(r"(?<![\d/.-])(\d\d?)\s?[/.-]\s?(\d\d?)(?:\s?[/.-]\s?(\d{4}|\d\d))?(?![\d/-])")
NAMED = Cued(
    rf"\b(?:(\d\d?|[a-z]+(?: y [a-z]+)?)(?:ro|ero|o)? (?:de |del mes de |d )?({MONTH})\b|({_MONTH_LONG}) (\d\d?)\b(?!:))"
    r"\.?(?: ?,? ?(?:de |del |del ano )?(20\d\d)\b)?",
    _MONTH_CUES,
)
MONTH_ALONE = Cued(rf"\b({_MONTH_LONG})\b(?: ?,? ?(?:de |del |del ano )?(20\d\d)\b)?", _MONTH_CUES)
_RELATIVE_MONTH = (
    r"(?:(?P<this>este mes|mes actual|mes en curso|presente mes)|(?P<last>mes pasa[d]?o|mes anterior|ultimo mes)|"
    r"(?P<before>mes antepasado)|"
    r"(?P<next>proximo mes|mes que viene|mes que entra|mes entrante|otro mes|mes siguiente|mes proximo))"
)
MONTH_RELATIVE = Cued(rf"\b{_RELATIVE_MONTH}\b", "mes")
DAY_OF_RELATIVE_MONTH = Cued(rf"\b(\d\d?|[a-z]+(?: y [a-z]+)?) (?:de|del) {_RELATIVE_MONTH}\b", "mes")
PART_OF_MONTH = Cued(
    rf"\b(principios?|comienzos?|inicios?|mediados?|mitad|finales|final|fin|fines|ultimo dia|ultimos dias) (?:de|del) (?:(?:este )?mes|({_MONTH_LONG}))\b(?! (?:pasad|anterior|que|entrante))",
    "principio|comienzo|inicio|mediado|mitad|fin|ultimo",
)
#: "hace mes y medio", "hace un año y medio".
AGO_AND_HALF = Cued(rf"\bhace {_ABOUT}(?:un |una )?(mes|ano|semana) y medi[oa]\b", "hace ")
AGO = Cued(rf"\b(?:hace|hase) {_ABOUT}({_NUMBER}) ({_SPAN})\b(?: atras)?{_WORKING}", "hace|hase")
BACK = Cued(rf"\b({_NUMBER}) ({_SPAN}){_WORKING} atras\b", " atras")
LASTING = Cued(
    rf"\b(?:llevo|llevamos|lleva|van|ya van|(?:ya )?vamos (?:para|pa)|(?:ya )?va (?:para|pa)|completo|completamos) {_ABOUT}({_NUMBER}) (dias|semanas|(?<=mos una )semana){_WORKING}\b",
    "dias|semana",
)
AHEAD = Cued(
    rf"\b(?:en|dentro de|de aqui a|de aca a|a los|en unos|a(?! (?:\d+|[a-z]+) mes)) ({_NUMBER}) (dias|semanas?|mes(?:es)?)\b{_WORKING}(?! (?:en|a) (?:que|el que|la que|los que|donde))",
    "dias|semana|mes",
)
WEEK_FROM = Cued(r"\bde (hoy|manana) en (ocho|8|quince|15)\b", " en ")
HOURS = Cued(
    rf"\b(?:(?P<ago>hace|llevo|llevamos|lleva|van)|(?P<ahead>en|dentro de)) {_ABOUT}"
    rf"(?:(?P<half>media hora)|(?P<more>hora y media|una hora y media)|(?P<number>{_NUMBER}) (?P<unit>horas?|hrs?|minutos?|mins?|minuticos))\b",
    "hora|hr|min",
)
DAY_WORDS = Cued(
    r"\b(?:(trasanteayer|trasantier)|(pasado manana)|(antes de anoche|antenoche|anteanoche|ante anoche|antier en la noche)|"
    r"(antes de ayer|anteayer|antier|antiayer|antiyer|ante ayer|antes d ayer)|(anoche|a noche|ayer noche)|(ayer|aller|ayier)|"
    r"(hoy(?: mismo| dia)?|ahorita mismo|ahor(?:a|ita) (?:en|por) la (?:manana|tarde|noche)|esta (?:manana|tarde|noche|madrugada)|oy)|"
    r"((?<!la )(?<!por la )(?<!de la )(?<!en la )(?<!esa )manana|mnn|mnana))\b",
    "manana|oy|ayer|noche|antier|esta |ahor|aller|ayier|antiayer|antiyer|trasan|mnn|mnana",
)
DAY_SHIFTS = (-3, 2, -2, -2, -1, -1, 0, 1)
_OF_WEEK = r"de (?:esta semana|la (?:otra|proxima|siguiente) semana|la semana (?:entrante|que viene|que entra|proxima|siguiente|pasada|anterior))"
#: What is so every week: "de lunes a viernes".
WEEKLY = Cued(rf"\bde (?:{_DAY_NAME}) a (?:{_DAY_NAME})\b", "de ")
WEEKDAY = Cued(
    rf"\b(?:(pr[o0]ximo|proxima|pasado|pasada|este|otro|ultimo) )?({_DAY_NAME})\b"
    rf"(?: ({_LAST_WORDS}|que paso|que viene|que entra|entrante|proximo|siguiente|en ocho|{_OF_WEEK}))?"
    rf"(?:,? (\d\d?)(?: de ({MONTH}))?\b(?! ?(?::|am|pm|a\.|p\.|de la (?:manana|tarde|noche))))?",
    "lune|marte|miercole|mircole|mierkole|jueves|juebes|juves|vierne|bierne|sabado|savado|sabao|dom",
)
#: The first day of "del 5 al 12 de marzo".
DAY_OF_RANGE = Cued(
    rf"\b(?:del|de|entre el|entre|desde el|el) (\d\d?)(?= (?:al|a|y el|y|hasta el) \d\d? de ({MONTH})\b)", "de|el|entre"
)
DAY_OF_MONTH = Cued(
    r"\b(?:el|del|dia|desde el|para el|pa el|pal|hasta el) (?:dia )?(\d\d?|primero|treinta|quince|veinte|diez|cinco|ocho|doce|veinticinco|treinta y uno)\b(?! ?(?:de |mil|palos?|lucas|%|cuotas?|:|\d|[#,.]\d|k\b|am\b|pm\b|con \d|por (?:ciento|\d)|x ?\d))",
    "el|dia|pal",
)
FORTNIGHT = Cued(
    r"\b(?:(?:la|proxima|esta|de|(?P<other>otra)) ){0,3}(?:quincena|kincena|quinsena|quisena)(?: (pasada|anterior|que viene|entrante))?\b",
    "quincena|kincena|quinsena|quisena",
)
WEEK = Cued(
    r"\b(?:(?P<last>semana (?:pasada|pasaa|anterior))|"
    r"(?P<next>proxima semana|semana (?:que viene|que entra|entrante|siguiente|proxima)|otra semana)|(?P<this>esta semana)|"
    r"(?P<end>(?:este |proximo |otro )?(?:fin de semana|finde)(?P<gone> pasado| anterior)?))\b",
    "semana|finde",
)
HOLY = Cued(rf"\b(?:{'|'.join(HOLY_DAYS)})\b", "sant|ramos|resurreccion|pascua|ceniza")
FEAST = Cued(rf"\b(?:{'|'.join(FEASTS)})\b", "|".join(FEASTS))
HOLIDAY = Cued(r"\b(?:este|el|proximo|lunes|dia|del|un) (?:(?:proximo|lunes|dia) )?festivo\b(?: pasado)?", "festivo")
#: A long weekend; a bridge over a river goes on with what it is or where.
LONG_WEEKEND = Cued(
    r"\b(?:este|el|proximo|otro|en) puente(?: festivo\b(?: pasado)?|(?: pasado)?(?=\W{0,3}\Z|[,.?!]| (?:no|hay|abren|atienden|vienen|pasan?|trabajan|y)\b))",
    "puente",
)

#: What stands before a word of time and takes its meaning away: a street, a school; what comes back always.
NO_DATE_BEFORE = re.compile(r"\b(?:barrio|brr|avenida|av|calle|colegio|escuela|parque|conjunto|plaza|sector|por) \Z")
RECURRENT_BEFORE = re.compile(r"\b(?:cada|todos los|todas las) \Z")
#: Before a day of the week: no day in particular.
ANY_BEFORE = re.compile(r"\b(?:uno?s?|los|las|ningun|cualquier|algun|algunos|dos|tres|cuatro|varios|muchos) \Z")
#: These never name a street: "en mi calle anoche", "con el barrio este viernes".
NO_NAME = re.compile(
    r"(?:hoy|oy|ayer|aller|anoche|a noche|ante|antier|trasan|esta|este|ahor|proxim|otr|pasad|ultim|hace|en|llev|van|mes|semana|fin)\b"
)
#: Before a month or a day that is the name of a person: "me llamo Domingo", "don Julio".
PERSON_BEFORE = re.compile(
    r"\b(?:don|dona|senora?|tio|tia|doctora?|profe|profesora?|me llamo|soy|mi nombre(?: completo)? es|nombre:?|se llama|habla|escribe|"
    r"atentamente,?|atendio|hermano|hermana|esposo|hijo|hija) \Z"
)
PERSON = re.compile(r"(?:domingo|abril|julio|agosto|mayo)\b")
#: A time after these comes back always: it is no moment.
EVERY = re.compile(
    r"\b(?:todos los dias?|todas las (?:noches|mananas|tardes|madrugadas)|cada (?:dia|noche|manana|tarde)|a diario|diariamente)\b"
)
OPENING = re.compile(r"\b(?:abren|cierran|atienden|abierto|cerrado) (?:solo |siempre )?\Z")
#: What took a while has no moment: "lo resolvió en cinco minutos", "no han venido en 15 días".
LASTED = re.compile(
    r"\b(?:no (?:ha|han|a|an|hemos) [a-z]{3,14}|(?:arregl|resolv|solucion|dur|tard|demor|atend|gast|consum)(?:o|io|aron|ieron|amos|imos|ado|ido))\b[^.;,]{0,40}\Z"
)
#: Fractions of an inch, marks out of ten, shops that never close: "3/4", "11/10", "24/7".
NO_DATE_SLASHED = re.compile(r"[1357]\s?/\s?[248]|24\s?/\s?7|\d\d?\s?/\s?(?:10|5)")
DATE_BEFORE = re.compile(r"\b(?:el|del|dia|desde|hasta|para|fecha|al) ?\Z")
