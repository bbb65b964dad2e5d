"""Read the examples of `nlu_data/` for the validity tests, independently of the code that trains from them."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

NLU_DATA = Path(__file__).resolve().parents[2] / "nlu_data"
SPANISH = NLU_DATA / "es"

#: Names fixed by the design; the flows, the training and these tests share them.
#: The thirty-two whose borders the design drew.
DESIGN = frozenset(
    "radicar_peticion radicar_queja radicar_reclamo radicar_recurso consultar_radicado ampliar_pqr desistir_pqr"
    " pedir_acuerdo_pago consultar_acuerdo reportar_pago consultar_factura reportar_sin_servicio reportar_dano emergencia"
    " consultar_corte suscribir_avisos cancelar_avisos registrar_cuenta hablar_con_asesor oficinas_horarios"
    " tarifas_derechos intervencion_barrio calificar saludar despedirse agradecer afirmar negar ayuda cancelar frustracion"
    " fuera_de_alcance".split()
)
#: And those that errands added since.
INTENTS = DESIGN | frozenset(
    (
        "consultar_compromisos",
        "datos_de_otros",
        "pedir_turno",
        "registrar_lider",
        "verificar_funcionario",
        "atencion_preferencial",
        "desvincular_cuenta",
        "consultar_consumo",
        "donde_pagar",
        "queja_del_asistente",
        "radicar_denuncia",
        "radicar_felicitacion",
        "radicar_sugerencia",
        "solicitud_datos",
    )
)
ENTITIES = frozenset(
    "radicado cuenta servicio sector direccion fecha dinero cuotas documento telefono correo nombre".split()
)

_ANNOTATION = re.compile(r"\[([^\[\]]+)\](?:\((\w+)\)|(\{[^{}]*\}))")


@dataclass(frozen=True, slots=True)
class Annotation:
    """One marked stretch of an example: its text, the entity, and the value when it is written."""

    text: str
    entity: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Example:
    """One line of an intent; `plain` is what a person would have typed, without the marks."""

    intent: str
    raw: str
    plain: str
    annotations: tuple[Annotation, ...]
    where: str

    @property
    def key(self) -> str:
        """The example as the model sees it: lower case, no accents, no punctuation, single spaces."""
        return key_of(self.plain)


def key_of(text: str) -> str:
    """Fold case, accents and punctuation; a text of symbols alone (an emoji) is its own key."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if unicodedata.category(c) != "Mn")
    return " ".join(re.findall(r"\w+", bare)) or text.strip()


def parse(raw: str) -> tuple[str, tuple[Annotation, ...]]:
    """Split an example into plain text and annotations; raises ValueError on a malformed one."""
    found: list[Annotation] = []

    def plain(match: re.Match[str]) -> str:
        text, name, mapping = match.groups()
        fields = json.loads(mapping) if mapping else {"entity": name}
        found.append(Annotation(text, fields["entity"], fields.get("value")))
        return str(text)

    return _ANNOTATION.sub(plain, raw), tuple(found)


def files(*, tests: bool = False) -> list[Path]:
    """The example files, or with `tests` the held-out ones; the lexicon and the closing set are neither."""
    found = sorted(path for path in SPANISH.rglob("*.yml") if not {"lexicon", "final"} & set(path.parts))
    return [path for path in found if ("tests" in path.relative_to(SPANISH).parts) == tests]


def lexicon_files() -> list[Path]:
    """The files of synonyms, lookups and regexes."""
    return sorted((SPANISH / "lexicon").glob("*.yml"))


def entries(path: Path) -> list[dict[str, Any]]:
    """The items under `nlu` of one file."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    return list(document["nlu"])


def lines(block: str) -> list[str]:
    """The examples of a block string, without the dash."""
    return [line[2:] for line in block.splitlines() if line.strip()]


@lru_cache(maxsize=2)
def examples(*, tests: bool = False) -> tuple[Example, ...]:
    """Every example of every intent, in the order of the files; a held-out set may also name its ground."""
    return tuple(
        Example(entry["intent"], raw, *parse(raw), f"{path.name}: {entry['intent']}")
        for path in files(tests=tests)
        for entry in entries(path)
        if "intent" in entry
        for raw in lines(entry["examples"])
    )
