"""Hear a yes or a no in the many ways Colombia says them, and only when nothing else was said."""

from __future__ import annotations

import re

from bot.nlu.normalise import spellings

_YES = frozenset(
    "si sip sisas sizas sizarras simon sii shi see yes yep ok okey okay oki okis vale listo lista dale dele hagale hagamole"
    " hagalo haga claro clarin obvio correcto correcta exacto exactamente afirmativo afirma acepto acepta autorizo confirmo"
    " confirmado confirmada perfecto perfecta eso efectivamente positivo seguro supuesto siga sigale sigamos continue"
    " continuar continuemos adelante bueno buenisimo va vamos genial excelente aja ujum mjm uju deuna melo hecho acuerdo"
    " ciertamente verdad cierto siguiente asi bien quiero deseo radique radiquela radiquelo radicar envielo enviela mandelo".split()
)
_NO = frozenset(
    "no nop nope nel nanai nones nada nunca jamas negativo tampoco niego incorrecto incorrecta falso mal noup nou nonono"
    " nananina nanay equivocado equivocada errado errada cambielo cambiela".split()
)
_YES_PHRASES = (
    "de una", "de una vez", "por supuesto", "como no", "claro que si", "asi es", "eso es", "esta bien", "todo bien",
    "de acuerdo", "sin problema", "no hay problema", "no hay lio", "ningun problema", "por que no", "porque no",
    "no veo problema", "esta correcto", "es correcto", "es correcta", "es esa", "es ese", "esa es", "ese es",
    "la misma", "el mismo", "ese mismo", "esa misma", "con gusto", "si se puede", "hagale pues", "no le veo problema",
    "no me molesta", "con mucho gusto", "como quiera", "esta perfecto", "todo correcto", "todo esta bien", "ta bien",
)  # fmt: skip
_NO_PHRASES = (
    "para nada", "de ninguna manera", "en absoluto", "ni de fundas", "ni de riesgos", "ni loco", "ni loca", "que va",
    "por ahora no", "todavia no", "aun no", "mejor no", "creo que no", "no gracias", "no es", "no esta bien",
    "no es correcto", "no es correcta", "esta mal", "esta incorrecto", "no esa no es", "ese no es", "esa no es",
    "no es esa", "no es ese", "no acepto", "no autorizo", "no quiero", "no deseo", "no señor", "no mas", "asi no",
    "no lo radique", "no la radique", "no siga", "ni riesgos", "no asi no", "no estoy de acuerdo", "eso no", "no va",
    "no por ahora", "no confirmo", "no continue", "no continuar", "no me interesa", "nada de eso", "no todavia",
)  # fmt: skip
_FILLERS = frozenset(
    "senor senora señorita senorita don dona pues vecino vecina usted por favor gracias muchas muchisimas mi amor amiga"
    " amigo parce parcero parcera mijo mija doctor doctora ahi ya entonces eh ah ay hombre joven nena nene mono mona que"
    " muy todo esta este es la lo el eso esa ese me de acuerdo jefe jefa patron rey reina claro bueno buenas buenos dias"
    " tardes noches hola listo mil dios pague si señor sumerce con mucho gusto porfa mejor siempre".split()
)
#: Of the fillers, those that are manners and nothing else: «la», «mi» and «ya» belong to what is said.
_MANNERS = frozenset(
    "senor senora senorita don dona vecino vecina veci por favor porfa gracias muchas muchisimas amigo amiga parce mijo"
    " mija doctor doctora joven ay eh ah oiga vea mire hola buenas buenos buen dia dias tardes noches disculpe perdone"
    " sumerce dios pague le".split()
)
#: «mi acuerdo» names a payment agreement; only «acuerdo» and «de acuerdo» are a yes.
_THINGS = re.compile(r"\b(?:mi|mis|el|los|ese|este|un|del) acuerdos?\b")
_CLAUSE = frozenset(",.;:!?")
_LONGEST = 9
#: Words after which neither the whole nor its first two clauses can be read otherwise.
_ENOUGH = 2 * _LONGEST + 2


def _key(phrase: str) -> str:
    return " ".join(word for word in spellings(phrase) if word.isalpha())


_YES_KEYS = frozenset(_key(phrase) for phrase in _YES_PHRASES)
_NO_KEYS = frozenset(_key(phrase) for phrase in _NO_PHRASES)


def _strip_fillers(words: list[str]) -> list[str]:
    start, end = 0, len(words)
    while end > start + 1 and words[end - 1] in _FILLERS and words[end - 1] not in _NO:
        end -= 1
    while start < end - 1 and words[start] in _FILLERS and words[start] not in _YES:
        start += 1
    return words[start:end]


def _read_clause(words: list[str]) -> bool | None:
    if not words or len(words) > _LONGEST or _THINGS.search(" ".join(words)):
        return None
    for candidate in (words, _strip_fillers(words)):
        phrase = " ".join(candidate)
        if phrase in _NO_KEYS:
            return False
        if phrase in _YES_KEYS:
            return True
    core = [word for word in words if word not in _FILLERS or word in _YES or word in _NO]
    core = core or _strip_fillers(words)
    if all(word in _NO or word in _FILLERS for word in words) and any(word in _NO for word in core):
        return False
    if "no" in words:
        return None
    rest = [word for word in words if word not in _YES and word not in _FILLERS]
    has_yes = any(word in _YES for word in words)
    return True if has_yes and not rest else None


def without_courtesy(text: str) -> str:
    """Return the words of ``text`` without the fillers around them: «ay no sé, señorita» says «no se»."""
    words = [word for word in spellings(text) if word.isalnum()]
    if words[:1] == ["hay"] and len(words) > 1:
        words = words[1:]  # «ay» is spelt like «hay» by now
    return " ".join(_strip_fillers(words))


def without_manners(text: str) -> str:
    """Return the words of ``text`` without greeting and thanks around them: «buenas, se cayó la página» keeps its «se»."""
    words = [word for word in spellings(text) if word.isalnum()]
    if words[:1] == ["hay"] and words[1:2] and words[1] in _MANNERS:
        words = words[1:]  # «ay señorita»
    start, end = 0, len(words)
    while end > start + 1 and words[end - 1] in _MANNERS:
        end -= 1
    while start < end - 1 and words[start] in _MANNERS:
        start += 1
    return " ".join(words[start:end])


def read_yes_no(text: str) -> bool | None:
    """Return True for a yes, False for a no, None for anything else.

    "sí, y cuánto debo" is a yes (its first clause is one); "no me llega el agua" is neither.
    """
    clauses: list[list[str]] = [[]]
    count = 0
    for word in spellings(text):
        if word in _CLAUSE:
            if clauses[-1]:
                clauses.append([])
        elif word.isalnum():
            clauses[-1].append(word)
            count += 1
            if count == _ENOUGH:
                break
    clauses = [clause for clause in clauses if clause]
    if not clauses:
        return None
    whole = _read_clause([word for clause in clauses for word in clause])
    if whole is not None:
        return whole
    first = _read_clause(clauses[0])
    if first is None and len(clauses) > 1 and all(word in _FILLERS for word in clauses[0]):
        return _read_clause(clauses[1])
    if first is not None:
        return first
    return _opening(clauses[0])


def _opening(words: list[str]) -> bool | None:
    """Read "si y cuanto debo" written without a comma: a yes that goes on with "y"."""
    for place in range(1, min(len(words), 5)):
        if words[place] == "y":
            return _read_clause(words[:place])
    return None
