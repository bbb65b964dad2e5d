"""Where a text names a person: by what goes before, by given names and by surnames; it would rather hide too much."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.nlu.entities.nombres import GIVEN
from bot.nlu.normalise import fold

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
#: What comes before a name: a treatment, a relation, or an introduction.
_CUES = frozenset(
    "don dona sr sra srta senor senora senorita doctor doctora dr dra ing ingeniero ingeniera llamo llama llamaba"
    " nombre habla atte atentamente hijo hija esposo esposa marido hermano hermana primo prima tio tia sobrino sobrina"
    " nieto nieta suegro suegra cunado cunada novio novia comadre compadre amiga amigo vecina vecino inquilina"
    " inquilino arrendatario arrendataria titular tecnico tecnica funcionario funcionaria asesor asesora operario".split()
)
_SMALL = frozenset("de del la las los y".split())
#: Those that the language data knows, and more: here a name too many costs nothing.
_GIVEN = GIVEN | frozenset(
    "maria jose luis juan carlos ana jorge pedro andres diana paola sandra martha marta gloria carmen jesus miguel"
    " david daniel diego camilo felipe sebastian alejandro alejandra laura natalia carolina claudia patricia monica"
    " adriana angela yolanda fernando fernanda ricardo oscar hernan alvaro alberto rafael manuel manuela mario ivan"
    " javier william wilson john jhon jaime hector gustavo gabriel gabriela francisco francisca enrique eduardo antonio"
    " armando alfonso alfredo arturo nelson orlando pablo ramiro raul rodrigo ruben sergio victor yesid yeison jeison"
    " jefferson brayan bryan kevin karen katherine catherine leidy yuri yurany viviana valentina sofia isabella mariana"
    " daniela andrea paula juliana johana johanna jenny jennifer ingrid elizabeth beatriz cecilia elena elvia emilia"
    " genoveva ines irma isabel janeth julia julian lina liliana lucia lucy magdalena margarita marlene miriam myriam"
    " nancy nelly nidia nohora norma olga raquel rosalba ruth sara silvia sonia stella susana teresa vanessa veronica"
    " ximena yaneth zulma emiliano samuel nicolas tomas mateo simon esteban cristian christian fabian giovanni harold"
    " henry hugo humberto ignacio leonardo mauricio milton omar edgar edwin efrain eliana erika estefania ernesto"
    " fabiola freddy gerardo gilberto gonzalo guillermo heidy hernando horacio jairo joaquin jonathan jorge lorena"
    " luisa luz marcela maribel maritza martin nubia rosalia rosario roberto rocio rogelio salome tatiana ubaldo"
    " vicente virginia walter wilmer yamile yamileth yasmin yenny yesenia yurley yurleidy zoraida dayana duvan".split()
)
#: Given names that are also things, months and places of which people write: only with another name beside them.
_GIVEN_AND_THING = frozenset(
    "luz rosa blanca esperanza mercedes flor pilar consuelo angel cesar julio marina santiago german jesus rosario sol"
    " salome martin dolores socorro rocio nieves amparo clara aurora paz".split()
)
_SURNAMES = frozenset(
    "rodriguez gomez gonzalez martinez garcia lopez hernandez sanchez ramirez perez diaz munoz jimenez vargas gutierrez"
    " ruiz suarez castro ortiz alvarez romero rivera herrera medina aguilar valencia pena guerrero molina mendoza"
    " cardenas salazar restrepo velez arango jaramillo zapata ospina cardona giraldo mejia henao londono bedoya"
    " castano quintero gaviria betancur betancourt echeverri uribe agudelo correa osorio ramos vasquez velasquez"
    " fernandez acosta pineda rincon caicedo mosquera palacios hurtado murillo cuesta renteria benavides cordoba lozano"
    " contreras duarte pabon parada chaparro bohorquez sarmiento bautista camacho quiroga pulido forero cifuentes"
    " beltran barrera buitrago galindo guevara patino franco marin arias arboleda caceres calderon carvajal cortes"
    " delgado escobar espinosa estrada figueroa gallego lozada maldonado montoya morales naranjo navarro orozco pardo"
    " polania quintana rueda serrano solano tovar trujillo urrea villamizar zambrano zuluaga barrios polo"
    " pertuz meza narvaez cuello sierra bermudez cabrera caballero chavez gil".split()
)
#: Surnames that are also things: only beside another name.
_SURNAME_AND_THING = frozenset(
    "rojas moreno torres parra leon mesa vega cruz reyes campos flores prado rios pinto lara duque franco soto toro"
    " nino paredes bello rubio blanco guerra mora rangel barrios sierra polo puertas cortes duran rosas palacios cuesta"
    " parada rueda".split()
)
#: Words that go on after a cue without being names.
_NOT_NAMES = frozenset(
    "que me no se si el un una mi su lo le les nos ya es esta este ese esa usted ustedes con por para en a al como"
    " cuando quien muy mas tan o ni dice dijo vino fue hizo hace nunca siempre todavia quiere tiene vive llego paso"
    " quedo buenos buenas dias tardes noches gracias favor agente encargado cliente usuario asistente robot bot".split()
)


@dataclass(frozen=True, slots=True)
class _Said:
    """One word: folded, with its place and whether it begins with a capital that means something."""

    word: str
    start: int
    end: int
    capital: bool


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where persons are named, as offsets of ``text``."""
    said = _words(text)
    at = 0
    while at < len(said):
        end = _name_from(said, at, text)
        if end > at:
            yield said[at].start, said[end - 1].end
            at = end
        else:
            at += 1


def _words(text: str) -> list[_Said]:
    found = list(_WORD.finditer(text))
    letters = [letter for letter in text if letter.isalpha()]
    # Who writes everything in capitals, or Every Word With One, says nothing by them.
    capitals = [match for match in found if match[0][0].isupper()]
    telling = sum(map(str.isupper, letters)) * 2 < len(letters) and (len(found) < 3 or len(capitals) * 2 < len(found))  # noqa: PLR2004
    said = []
    for match in found:
        before = text[: match.start()].rstrip()
        begins = not before or before[-1] in ".!?¡¿\n"
        word = fold(match[0]).text
        said.append(_Said(word, *match.span(), capital=telling and match[0][0].isupper() and not begins))
    return said


def _name_from(said: Sequence[_Said], at: int, text: str) -> int:
    """Return where the name that begins at ``at`` ends (exclusive), or ``at`` when none begins there."""
    first = said[at]
    if first.word in _NOT_NAMES or first.word in _SMALL or first.word in _CUES:
        return at
    before = said[at - 1].word if at and _joined(said, at, text) else ""
    if before in {"es", "con"} and at > 1:
        before = said[at - 2].word if said[at - 2].word in {"nombre", "habla"} else before
    cued = before in _CUES
    end = _end(said, at, text)
    sure = [one for one in said[at:end] if _is_sure(one.word)]
    likely = [one for one in said[at:end] if _is_sure(one.word) or _may_be(one.word) or one.capital]
    surnames = [one for one in sure if one.word in _SURNAMES]
    if cued and (sure or first.capital or _may_be(first.word)):
        return end
    if any(one.word in _GIVEN and one.word not in _GIVEN_AND_THING for one in sure):
        return end
    # Two names beside each other are a person; one thing that is also a name is not.
    return end if len(likely) > 1 and (surnames or sure) else at


def _end(said: Sequence[_Said], at: int, text: str) -> int:
    end = at
    place = at
    while place < len(said) and (place == at or _joined(said, place, text)):
        one = said[place]
        if _is_sure(one.word) or _may_be(one.word) or (one.capital and one.word not in _NOT_NAMES):
            end = place + 1
        elif not (one.word in _SMALL and place > at):
            break
        place += 1
    return max(end, at + 1)


def _joined(said: Sequence[_Said], at: int, text: str) -> bool:
    """Whether nothing but a space or the dot of a shortened treatment stands before a word."""
    return text[said[at - 1].end : said[at].start].strip() in {"", "."}


def _is_sure(word: str) -> bool:
    return (word in _GIVEN or word in _SURNAMES) and not _may_be(word)


def _may_be(word: str) -> bool:
    return word in _GIVEN_AND_THING or word in _SURNAME_AND_THING
