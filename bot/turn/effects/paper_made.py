"""PaperMade: a document is offered; what it says is kept sealed, and it is drawn when somebody fetches it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.turn.documents import PAPERS
from storage.repos.papers import PaperRecord

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "PaperMade"


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keep ``content`` of the document of ``kind`` for this conversation, and name it for the reply that carries it."""
    kind = str(data["kind"])
    paper_id = scene.ids.new("doc")
    scene.uow.papers.add(PaperRecord(paper_id, kind, scene.conversation_id, data["content"], scene.now))
    return {PAPERS[kind].named_by: paper_id}
