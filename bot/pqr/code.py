"""The secret code of a case: written for people to copy, and kept nowhere.

The code is 40 bits of a keyed hash of the case's random id, so whoever holds the keys can draw the constancia again;
the database holds only another keyed hash of the code, against which what a person types is compared.
"""

from __future__ import annotations

import hmac
import unicodedata
from typing import TYPE_CHECKING, Final

from bot.kernel.ids import CROCKFORD

if TYPE_CHECKING:
    from storage.crypto import Keyring

#: Characters of a code; 5 bits each (quality bar, §2.3).
LENGTH: Final = 8
_PURPOSE: Final = "codigo_consulta"
_ORIGIN: Final = "codigo_consulta.origen"
_BITS: Final = 5
_LONGEST_TYPED: Final = 64
#: Crockford's base 32 has no O, I, L nor U, so that what looks alike is read alike.
_LOOKALIKES: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})


def code_of(keyring: Keyring, caso_id: str) -> str:
    """Return the secret code of the case with the random id ``caso_id``: the same every time, unguessable without keys."""
    number = int(keyring.blind(caso_id, _ORIGIN), 16)
    return "".join(CROCKFORD[number >> (_BITS * place) & 31] for place in range(LENGTH))


def tidy(typed: str) -> str:
    """Return a code as it was given out: capitals, no ornaments, look-alike letters as digits."""
    text = unicodedata.normalize("NFKC", typed[:_LONGEST_TYPED]).upper().translate(_LOOKALIKES)
    return "".join(letter for letter in text if letter in CROCKFORD)


def shown(code: str) -> str:
    """Return the code in two groups, easier to copy: ``7K3M 9QXA``."""
    half = len(code) // 2
    return f"{code[:half]} {code[half:]}" if len(code) == LENGTH else code


def seal(keyring: Keyring, radicado: str, code: str) -> str:
    """Return the keyed hash under which ``code`` is kept for ``radicado`` (64 hexadecimal digits)."""
    return keyring.blind(f"{radicado}:{tidy(code)}", _PURPOSE)


def fits(keyring: Keyring, radicado: str, code: str, kept: str) -> bool:
    """Tell, in the same time whatever the answer, whether ``code`` is the one kept for ``radicado``."""
    return hmac.compare_digest(seal(keyring, radicado, code), kept)
