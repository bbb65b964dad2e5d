"""Who draws or finds each kind of document: one function a kind, and the table of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from bot.turn.documents import FILE, PAPERS, PDF, Drawer, Drawn

if TYPE_CHECKING:
    from storage.db import Database
    from storage.files import FileStore
    from storage.repos.agreements import Acceptance, AgreementRecord, InstalmentRecord
    from storage.repos.cases import CaseRecord
    from storage.uow import UnitOfWork

#: Draws what a sealed paper says.
Draw = Callable[[Mapping[str, Any]], bytes]


class DrawAgreement(Protocol):
    """Draws an agreement as it stands, with its instalments and the proof that it was accepted."""

    def __call__(
        self, record: AgreementRecord, parts: Sequence[InstalmentRecord], proof: Acceptance | None, /
    ) -> bytes:
        """Return the PDF."""
        ...


def make_drawers(
    database: Database,
    files: FileStore,
    *,
    constancia: Callable[[CaseRecord], bytes],
    agreement: DrawAgreement,
    papers: Mapping[str, Draw],
) -> dict[str, Drawer]:
    """Return the table: kind → drawer.

    ``papers`` draws the kinds whose content the fact ``PaperMade`` keeps; what knows the law or the company is passed in.
    """

    async def of_case(caso_id: str) -> Drawn:
        record = await database.read(lambda uow: uow.cases.get(caso_id))
        if record is None:
            raise LookupError(caso_id)
        content = await asyncio.to_thread(constancia, record)
        return Drawn(content, f"constancia-{record.radicado}.pdf", PDF, _owners(record.conversation_id))

    async def of_file(file_id: str) -> Drawn:
        record = await database.read(lambda uow: uow.files.get(file_id))
        if record is None or not record.path:
            raise LookupError(file_id)
        content = await asyncio.to_thread(files.get, record.path)
        return Drawn(content, record.name or file_id, record.mime, _owners(record.conversation_id))

    async def of_agreement(paper_id: str) -> Drawn:
        def find(uow: UnitOfWork) -> tuple[str, AgreementRecord, list[InstalmentRecord], Acceptance | None] | None:
            paper = uow.papers.get(paper_id)
            found = uow.agreements.get(paper.content["agreement_id"]) if paper and paper.kind == "acuerdo" else None
            if paper is None or found is None:
                return None
            return paper.conversation_id, found, uow.agreements.parts(found.id), uow.agreements.acceptance(found.id)

        kept = await database.read(find)
        if kept is None:
            raise LookupError(paper_id)
        conversation_id, record, parts, proof = kept
        content = await asyncio.to_thread(agreement, record, parts, proof)
        return Drawn(content, PAPERS["acuerdo"].file, PDF, _owners(conversation_id))

    def of_paper(kind: str, draw: Draw) -> Drawer:
        async def drawer(paper_id: str) -> Drawn:
            paper = await database.read(lambda uow: uow.papers.get(paper_id))
            if paper is None or paper.kind != kind:
                raise LookupError(paper_id)
            content = await asyncio.to_thread(draw, paper.content)
            return Drawn(content, PAPERS[kind].file, PAPERS[kind].mime, _owners(paper.conversation_id))

        return drawer

    return {
        "acuerdo": of_agreement,
        "constancia": of_case,
        FILE: of_file,
        **{kind: of_paper(kind, draw) for kind, draw in papers.items()},
    }


def _owners(conversation_id: str | None) -> frozenset[str]:
    return frozenset([conversation_id] if conversation_id else [])
