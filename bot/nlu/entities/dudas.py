"""Amounts said without their thousands: "debo 120" is rather 120.000, which is asked for and never taken."""

from __future__ import annotations

from bot.nlu.cued import Cued
from bot.nlu.entities.found import Reading
from bot.nlu.numbers import NUMBER_WORD, leading_number

_MONEY_VERBS = (
    r"debo|debe|deben|debemos|debia|debiendo|pago|pagar|pague|pagaba|pagamos|pagaria|abono|abonar|abonaria|abone|"
    r"llego|llega|llegaba|vino|venia|salio|sale|cobran|cobraron|cobro|vale|cuesta|consigne|quedo debiendo|sobre"
)
_SAID = Cued(
    rf"\b(?:(?:{_MONEY_VERBS}) (?:(?:de|por|en|como|unos|casi|solo|otros|mas|con)\b ?){{0,3}}|"
    rf"(?:{_MONEY_VERBS})\b[^.;\d]{{0,40}} de a )"
    rf"(?P<amount>\d{{2,3}}|(?:{NUMBER_WORD})(?: (?:y )?(?:{NUMBER_WORD})){{0,3}})"
    r"(?=\Z|[,;?!)]|\.(?!\d)|\s(?:y|pero|que|cuando|le|les|no|si|de|del|ya|me|nos|yo|ahora|hoy|eso|porque|nomas|pues|hombre|entonces|hasta|aunque|mensual\w*|cada)\b)"
    r"(?! de (?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre))",
    "deb|pag|abon|lleg|vin|veni|sal|cobr|vale|cuesta|consigne|sobre",
)
_FEWEST, _MOST = 20, 999


def read(reading: Reading) -> None:
    """Find ``dinero`` that is only likely: two or three digits after words of paying, with nothing that they count."""
    for match in _SAID.finditer(reading.text):
        said = match["amount"]
        found = (int(said), 1) if said.isdecimal() else leading_number(said.split())
        if found is None or (not said.isdecimal() and found[1] != len(said.split())):
            continue
        if _FEWEST <= found[0] <= _MOST:
            reading.add("dinero", found[0] * 1_000, *match.span("amount"), role="dudoso")
