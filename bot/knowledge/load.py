"""Reads the information files of ``dialogs/catalog`` strictly: every mistake with its file and line, all at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.kernel.catalog import read_file
from bot.kernel.errors import AtiendeError
from bot.knowledge.model import Article, ArticlesFile, Figure, FiguresFile, Lesson, LessonsFile, plain

#: How wording calls a term of the law → the figure of ``cifras.yml`` that it is.
TERMS = {
    "respuesta_dias": "respuesta_pqr",
    "recurso_dias": "recurso",
    "reclamo_meses": "reclamo_factura",
    "reconexion_horas": "reconexion",
}
FOLDER = Path(__file__).resolve().parents[2] / "dialogs" / "catalog"


class KnowledgeError(AtiendeError):
    """The information files are wrong; the text has every problem as ``file:line: what``."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Articles by id with the subject of each, figures and lessons."""

    articles: Mapping[str, Article]
    subjects: Mapping[str, str]
    figures: Mapping[str, Figure]
    lessons: Mapping[str, Lesson]


@lru_cache(maxsize=8)
def load(folder: Path = FOLDER) -> Knowledge:
    """Read ``cifras.yml``, ``lecciones.yml`` and ``informacion/*.yml`` of ``folder``.

    Raises:
        KnowledgeError: with every problem of every file.
    """
    problems: list[str] = []
    figures = read_file(folder / "cifras.yml", FiguresFile, problems)
    lessons = read_file(folder / "lecciones.yml", LessonsFile, problems)
    articles: dict[str, Article] = {}
    subjects: dict[str, str] = {}
    for path in sorted((folder / "informacion").glob("*.yml")):
        found = read_file(path, ArticlesFile, problems)
        for name, article in (found.articulos if found else {}).items():
            if name in articles:
                problems.append(f"{path.name}:1: the article {name} is written twice")
            articles[name] = article
            subjects[name] = found.tema if found else ""
    if figures and lessons:
        problems += _loose_ends(articles, figures.cifras, lessons.lecciones)
    if problems or not (figures and lessons):
        raise KnowledgeError("\n".join(problems))
    return Knowledge(articles, subjects, figures.cifras, lessons.lecciones)


def legal_terms(folder: Path = FOLDER) -> Mapping[str, Any]:
    """Return the terms of the law that any wording may name as ``plazos``, out of ``cifras.yml``.

    Raises:
        KnowledgeError: a file of the catalog is wrong, or lacks one of them.
    """
    figures = load(folder).figures
    missing = sorted(name for name in TERMS.values() if name not in figures)
    if missing:
        raise KnowledgeError(f"cifras.yml:1: missing: {', '.join(missing)}")
    return {name: plain(figures[figure].valor) for name, figure in TERMS.items()}


def _loose_ends(
    articles: Mapping[str, Article], figures: Mapping[str, Figure], lessons: Mapping[str, Lesson]
) -> list[str]:
    problems = []
    for name, article in articles.items():
        missing = [f"the article {each}" for each in article.relacionados if each not in articles]
        missing += [f"the figure {each}" for each in article.cifras if each not in figures]
        missing += [f"the lesson {article.leccion}"] if article.leccion and article.leccion not in lessons else []
        problems += [f"informacion:1: {name}: {each} does not exist" for each in missing]
    return problems
