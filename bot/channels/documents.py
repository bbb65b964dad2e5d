"""How a channel gets the files it sends: by reference, from whoever keeps or draws them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

#: A file to send: its bytes, its name and its MIME type.
Document = tuple[bytes, str, str]
#: Returns the file behind a reference of ours ("constancia:<caso>", "file:<id>"); raises LookupError when it is gone.
Documents = Callable[[str], Document | Awaitable[Document]]


def no_documents(ref: str) -> Document:
    """Know no file at all: for channels that send none.

    Raises:
        LookupError: always.
    """
    raise LookupError(ref.partition(":")[0])
