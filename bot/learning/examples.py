"""Labelled sentences as training examples: filled with invented values, refused where they would harm, written in order.

A mask is no word that anybody says, so the model must not learn it: each gives way to an invented value of its kind,
marked as the entity that it is, always the same one for the same sentence. The file is written whole, sorted, and put in
its place in one step; only then the rows count as exported. Whatever happens between, the next run finds the sentences
in the file and adds nothing twice.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bot.kernel.errors import DialogsError
from bot.learning.mask import MASK, still_personal
from bot.nlu.data import CLOSING, files_of, read_data
from bot.nlu.normalise import squeeze
from dialogs.engine.yamlfile import Issues, Node, read

if TYPE_CHECKING:
    from storage.repos.doubts import DoubtRecord

#: From this likeness (0 to 100) on, two sentences of at least ``_SHORT`` characters are the same one.
_COPY, _LEAK, _SHORT = 94.0, 90.0, 16
_HEAD = (
    "# What people said and was not understood, labelled by staff («atiende nlu review»); every number and name is invented.\n"
    "# «atiende nlu review export» keeps this file sorted: correct or delete lines by hand, but write no comments below.\n"
)
#: Values that belong to nobody, as an example marks them. Accounts and radicados have the lengths of real ones.
_INVENTED: Mapping[str, tuple[str, ...]] = {
    "radicado": ("[20260010001232](radicado)", "[20260010004417](radicado)", "[20260010000385](radicado)"),
    "cuenta": ("[445120](cuenta)", "[887401](cuenta)", "[220145](cuenta)", "[5521007](cuenta)", "[1122334](cuenta)"),
    "documento": ("[1000000001](documento)", "[1000000002](documento)"),
    "telefono": ("[3001112233](telefono)", "[300 111 2233](telefono)"),
    "correo": ("[prueba@ejemplo.co](correo)", "[persona@ejemplo.co](correo)"),
    "direccion": ("[calle 10 # 5-20](direccion)", "[cra 7 no 45-12](direccion)", "[kr 18 # 22-07](direccion)"),
    "dinero": (
        '[120 mil]{"entity": "dinero", "value": "120000"}',
        '[$85.000]{"entity": "dinero", "value": "85000"}',
        '[50 mil]{"entity": "dinero", "value": "50000"}',
        '[300 mil pesos]{"entity": "dinero", "value": "300000"}',
    ),
    "nombre": ("[Persona de Prueba](nombre)",),
    "sector": ("[la esperanza](sector)", "[los almendros](sector)", "[la floresta](sector)", "[san josé](sector)"),
    "fecha": ("[15 de marzo](fecha)", "[2 de febrero](fecha)", "[20 de enero](fecha)"),
}


@dataclass(frozen=True, slots=True)
class Refused:
    """A sentence that does not become an example, and why, in words for staff."""

    record: DoubtRecord
    why: str


@dataclass(frozen=True, slots=True)
class Export:
    """What an export is going to do.

    ``added`` are sentences that become examples, ``present`` those that are examples of their intent already, ``text``
    the whole file as it will be. ``unheard`` is sentence → its words that stand in no other example: look for names.
    """

    added: tuple[DoubtRecord, ...]
    present: tuple[DoubtRecord, ...]
    refused: tuple[Refused, ...]
    text: str
    unheard: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def fill(masked: str) -> str:
    """Return a masked sentence as a line of examples, with invented values in place of its masks."""
    digest = hashlib.blake2b(masked.encode("utf-8", "replace"), digest_size=8).digest()
    place = iter(range(1_000))

    def invented(found: object) -> str:
        values = _INVENTED[found[1]]  # type: ignore[index]
        return values[(digest[0] + next(place)) % len(values)]

    return MASK.sub(invented, masked)


def prepare(records: Sequence[DoubtRecord], *, data: Path, target: Path, intents: Collection[str]) -> Export:
    """Return what exporting the labelled ``records`` into ``target`` means; nothing is written.

    Args:
        records: labelled sentences.
        data: the folder of language data, training and held-out.
        target: the file of examples; it need not exist.
        intents: those that the domain knows.

    Raises:
        DialogsError: the language data or the target are wrong; the text says where.
    """
    lines = read_lines(target)
    training = read_data(data)
    present = {_key(plain_of(raw)): intent for intent, each in lines.items() for raw in each}
    present |= {_key(example.text): example.intent for example in training.examples}
    held = {_key(text) for text in _held_out(data)}
    known = {word for key in present for word in key.split()}
    added: list[DoubtRecord] = []
    there: list[DoubtRecord] = []
    refused: list[Refused] = []
    unheard: dict[str, tuple[str, ...]] = {}
    for record in sorted(records, key=lambda one: one.id):
        raw = fill(record.said)
        key, label = _key(plain_of(raw)), record.label or ""
        if present.get(key) == label:
            there.append(record)
            continue
        why = _why_not(record, key, label, present=present, held=held, intents=intents)
        if why:
            refused.append(Refused(record, why))
            continue
        present[key] = label
        lines.setdefault(label, []).append(raw)
        added.append(record)
        new = tuple(dict.fromkeys(word for word in key.split() if word.isalpha() and word not in known))
        if new:
            unheard[record.said] = new
    return Export(tuple(added), tuple(there), tuple(refused), written(lines), unheard)


def _key(text: str) -> str:
    """Return what two sentences are the same by: words and numbers in one spelling, or the text if it has none."""
    return squeeze(text) or text


def _why_not(
    record: DoubtRecord,
    key: str,
    label: str,
    *,
    present: Mapping[str, str],
    held: Collection[str],
    intents: Collection[str],
) -> str:
    if label not in intents:
        return f"la intención «{label}» no existe"
    if still_personal(record.said):
        return "todavía parece tener un dato personal"
    if key in present:
        return f"ya es ejemplo de {present[key]}"
    if key in held or _like(key, held, _LEAK):
        return "es una frase de prueba, apartada para medir"
    copy = _like(key, present, _COPY)
    return f"es casi igual a un ejemplo de {present[copy]}: «{copy}»" if copy else ""


def _like(key: str, others: Collection[str], limit: float) -> str:
    """Return the sentence among ``others`` that is almost ``key``; short ones differ by a letter and mean another thing."""
    if len(key) < _SHORT:
        return ""
    from rapidfuzz import fuzz, process

    near = [other for other in others if len(other) >= _SHORT]
    found = process.extractOne(key, near, scorer=fuzz.ratio, score_cutoff=limit)
    return str(found[0]) if found else ""


def _held_out(data: Path) -> Iterator[str]:
    """Yield every held-out sentence, those of the closing set too: none of them may be learnt."""
    for chosen in ({"tests": True}, {"held_out": CLOSING}):
        if files_of(data, **chosen):
            for example in read_data(data, **chosen).examples:
                yield example.text


def plain_of(raw: str) -> str:
    """Return the words of a line of examples without the marks of its entities."""
    for values in _INVENTED.values():
        for value in values:
            raw = raw.replace(value, value[1 : value.index("]")])
    return raw


def read_lines(target: Path) -> dict[str, list[str]]:
    """Return the lines of each intent of a file of examples, as they are written.

    Raises:
        DialogsError: the file holds something else than intents with lines of examples.
    """
    if not target.exists():
        return {}
    issues = Issues()
    root = read(target, str(target), issues)
    if issues.errors:
        raise DialogsError("\n".join(str(issue) for issue in issues.errors))
    entries = root.value.get("nlu") if root is not None and root.kind == "map" else None
    if entries is None or entries.kind != "list":
        message = f"{target}: it is no file of examples; name another one with --to"
        raise DialogsError(message)
    lines: dict[str, list[str]] = {}
    for entry in entries.value:
        intent, examples = _entry(entry, target)
        lines.setdefault(intent, []).extend(examples)
    return lines


def _entry(entry: Node, target: Path) -> tuple[str, list[str]]:
    parts = entry.value if entry.kind == "map" else {}
    if set(parts) != {"intent", "examples"} or parts["examples"].kind != "text":
        message = f"{target}:{entry.place.line}: only intents with «examples: |» can be kept in order; use another --to"
        raise DialogsError(message)
    said = [line.strip().removeprefix("-").strip() for line in str(parts["examples"].value).splitlines()]
    return str(parts["intent"].value), [line for line in said if line]


def written(lines: Mapping[str, Sequence[str]]) -> str:
    """Return the file of examples: intents and lines in order, so that a difference shows what is new and nothing else."""
    out = [_HEAD, 'version: "3.1"\n\nnlu:']
    for intent in sorted(lines):
        out.append(f"\n  - intent: {intent}\n    examples: |\n")
        out += [f"      - {raw}\n" for raw in sorted(set(lines[intent]), key=lambda raw: (squeeze(plain_of(raw)), raw))]
    return "".join(out) if lines else ""


@contextmanager
def alone(target: Path) -> Iterator[None]:
    """Let one export at a time work in the folder of ``target``; the folder is made if need be."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(target.parent, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def put(target: Path, text: str) -> None:
    """Write ``text`` to ``target`` whole or not at all, whatever happens meanwhile."""
    beside = target.with_name(f".{target.name}.new")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(target)
    handle = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
