"""Texts made to slow a reader down or to break it, each as long as what is kept of a message or what is read of it."""

from __future__ import annotations

import random

from bot.nlu.normalise import LONGEST
from bot.nlu.understand import LONGEST_KEPT

#: An e-mail with a thread of quotes, as people paste it.
MAIL = (
    "De: Juan <juan@ejemplo.co>\nPara: atencion@ejemplo.co\nAsunto: RE: RE: Reclamo factura 12345\n"
    "Enviado el: lunes, 16 de marzo de 2026 8:30\n\nBuenas tardes, sigo sin respuesta del caso por $120.000.\n\n"
    "> El 12 mar. 2026 a las 9:15, Servicio al cliente <no-responder@ejemplo.co> escribió:\n"
    "> > Respetado señor: su petición fue recibida el 10/03/2026.\n>> Atentamente,\n"
    ">> ---------- Forwarded message ---------\n"
)

#: Small pieces that, said again and again, make patterns try everything twice.
PIECES = (
    "a", "a ", "1", "1 ", "1.", "1,", "1-", "1/", " ", "-", "- ", "el ", "de ", "de la ", "y ", "mil ", "uno ", "un ",
    "calle ", "cra 7 # ", "cra 7 1 ", "1 con ", "no ", "es ", "@", "a@", "a.", "a punto ", "arroba ", "/", "$", "$1",
    "la ", "otra esta ", "barrio la ", "km ", "km 5 via tunja ", "mz c ", "apto ", "lunes ", "a las ", "a 1 ", "12:", "\n",
    "que ", "soy ", "soy maria ", "x", "h", "lll", "palos ", "y medio ", "siete millones ", "no. ", "(", ")", "cuota ",
    "cc ", "cuenta ", "20 de marzo ", "quince dias ", "hace ", "desde ", "entre ", "esquina ", "ley 142 ", "señor ",
    "don ", "cero ", "la 3 con ", "acuerdo en ", "otra ", "avenida ", "manzana 5 ", "por la 15 ", "finca la ",
    "cable ", "me equivoque ", "?", "1.234.567 ", "3001112233 ", "\u200b", "\u202e", "😀", "á", "ﷺ", "привет ", "你好",
)  # fmt: skip


def grown(piece: str, length: int = LONGEST) -> str:
    """Return ``piece`` said again and again."""
    return (piece * (length // len(piece) + 1))[:length]


#: Words that no two places share: nothing that is remembered of one helps with the next.
VARIED = {
    "words of numbers": "un uno dos tres siete doce quince treinta y cuarenta cien ciento doscientos quinientas mil veintitres",
    "words that announce": (
        "huele gas cable caído lunes hace mes semana días hoy festivo navidad santo quincena puente el en 20 atrás hora fin"
        " parte cuota pago pedazos docena años soy barrio vereda cra con la factura pesos mil tres 2 7 - # : 8 de marzo @ a"
        " punto com arroba $ no señor solicito hechos artículo 23 apto mz km don mi 1.200 palos y medio entre las"
    ),
    "letters and signs": "a b c d e f g h i j k l m n o p q r s t u v w x y z 0 1 2 3 4 5 6 7 8 9 . , - # / $ @ :",
    "moments": "lunes 3 de marzo|hace tres días|a las 8:30|el 5|hoy|mañana|3/4/2026|en quince días|la otra semana",
}


def shuffled(words: str, length: int = LONGEST) -> str:
    """Return ``words`` again and again in an order without a rule, the same each time."""
    several = words.split("|") if "|" in words else words.split()
    return " ".join(random.Random(len(words)).choices(several, k=length))[:length]


BAIT = {
    **{name: shuffled(words) for name, words in VARIED.items()},
    **{repr(piece): grown(piece) for piece in PIECES},
    "emoji": "😀" * 10_000,
    "spaces": " " * 10_000 + "y" + " " * 10_000,
    "brackets": "((((" * 1_000,
    "danger": "cable " * 300 + "casa " * 100 + "caido " * 300,
    "invisible": "\u202e\u200b" * 2_000,
    "markup": "<script>{{7*7}}</script>" * 150,
    "sql": "'; DROP TABLE cases; --" * 150,
    "surrogates": "\ud800" * 2_000,
    "mail": MAIL,
    "thread": MAIL * 40,
    "one long word in a short answer": "no, " + "x" * (LONGEST_KEPT - 4),
    "one long number in a short answer": "es " + "1." * (LONGEST_KEPT // 2),
    "much too long": "quiero poner una queja por la atención " * 600,
}
