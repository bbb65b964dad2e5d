"""Looks into files that people send: what they really are, whether they are safe to keep, and without their traces."""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import warnings
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from bot.channels.base import MediaKind

#: Pixels above which a picture is not decoded (quality.md §2.2: a small file can hold a huge picture).
MAX_PIXELS = 25_000_000
#: Largest file per kind, in bytes.
MAX_BYTES: dict[str, int] = {
    "image": 10_000_000,
    "document": 15_000_000,
    "audio": 16_000_000,
    "video": 16_000_000,
    "sticker": 1_000_000,
}

Reason = Literal["vacio", "grande", "tipo", "danado", "pixeles", "activo"]

_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "PNG"}
_EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.oasis.opendocument.text": "odt",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "video/mp4": "mp4",
}
_SNIFFED = {
    "image/jpeg": "image/jpeg",
    "image/png": "image/png",
    "image/webp": "image/webp",
    "image/gif": "image/gif",
    "application/pdf": "application/pdf",
    "audio/ogg": "audio/ogg",
    "application/ogg": "audio/ogg",
    "video/ogg": "audio/ogg",
    "audio/mpeg": "audio/mpeg",
    "audio/mp3": "audio/mpeg",
    "audio/mp4": "audio/mp4",
    "audio/m4a": "audio/mp4",
    "audio/x-m4a": "audio/mp4",
    "video/mp4": "video/mp4",
}
_OFFICE = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_ODT = b"application/vnd.oasis.opendocument.text"
#: What makes a PDF act by itself (a plain look at the bytes; it is only ever handed out as a download).
_ACTIVE_PDF = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|RichMedia)\b")
#: A name in a PDF may spell its letters in hexadecimal: /J#53 is /JS (ISO 32000-1, 7.3.5).
_PDF_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_UNSAFE_NAME = re.compile(r"[^\w .,()\-]+")
_MAX_NAME = 80
_MAX_ZIP_ENTRIES, _MAX_UNZIPPED = 2_000, 100_000_000
_HEAD = 4_096


@dataclass(frozen=True, slots=True)
class Inspected:
    """What was found: either fit to keep (``ok``) or refused with a ``reason``.

    ``content`` is what to store (pictures encoded again without metadata), ``sha256`` its hash in hexadecimal, ``name``
    is safe to show and ends in the extension of ``mime``. A refused file has none of them.
    """

    ok: bool
    reason: Reason | Literal[""] = ""
    kind: MediaKind = "document"
    mime: str = ""
    name: str = ""
    content: bytes = b""
    sha256: str = ""


def inspect(content: bytes, *, name: str = "", max_bytes: int | None = None) -> Inspected:
    """Look at a file's own bytes and return what to keep of it, or why not; the sender's word is never believed.

    Takes time for large pictures (about 0.3 s for 12 megapixels): call it in a thread. ``max_bytes`` narrows the limits
    by kind. Location and other metadata of pictures are dropped (ASVS V14.2.8).
    """
    if not content:
        return _refused("vacio")
    if len(content) > max(MAX_BYTES.values()) or (max_bytes is not None and len(content) > max_bytes):
        return _refused("grande")
    mime = _sniff(content)
    if mime is None:
        return _refused("tipo")
    if len(content) > MAX_BYTES[_kind(mime)]:
        return _refused("grande")
    if mime in _FORMATS:
        return _picture(content, mime, name)
    if mime == "application/pdf" and _is_active(content):
        return _refused("activo")
    return _accepted(content, mime, name)


def _is_active(pdf: bytes) -> bool:
    if _ACTIVE_PDF.search(pdf):
        return True
    return b"#" in pdf and _ACTIVE_PDF.search(_PDF_HEX.sub(_spelled, pdf)) is not None


def _spelled(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 16)])


def _accepted(content: bytes, mime: str, name: str) -> Inspected:
    digest = hashlib.sha256(content).hexdigest()
    return Inspected(True, "", _kind(mime), mime, safe_name(name, mime), content, digest)


def _refused(reason: Reason) -> Inspected:
    return Inspected(ok=False, reason=reason)


def safe_name(name: str, mime: str) -> str:
    """Return a file name without folders or odd characters, at most 80 long, with the extension of ``mime``."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    stem = last.rsplit(".", 1)[0] if "." in last else last
    stem = " ".join(_UNSAFE_NAME.sub(" ", stem).split()).strip(" .")[:_MAX_NAME] or "archivo"
    return f"{stem}.{_EXTENSIONS[mime]}"


def _kind(mime: str) -> MediaKind:
    family = mime.split("/", 1)[0]
    kinds: dict[str, MediaKind] = {"image": "image", "audio": "audio", "video": "video"}
    return kinds.get(family, "document")


def _sniff(data: bytes) -> str | None:
    if data.startswith(b"%PDF-"):
        return "application/pdf"
    if data.startswith(b"PK\x03\x04"):
        return _sniff_office(data)
    if data.startswith((b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")):
        return "audio/mpeg"
    if data[4:8] == b"ftyp":
        return "audio/mp4" if data[8:11] == b"M4A" else "video/mp4" if _is_mp4(data[8:12]) else None
    import puremagic

    try:
        found = puremagic.magic_string(data[:_HEAD])
    except (puremagic.PureError, ValueError, IndexError):
        return None
    for match in found:
        if match.mime_type in _SNIFFED:
            return _SNIFFED[match.mime_type]
    return None


def _is_mp4(brand: bytes) -> bool:
    return brand in {
        b"isom",
        b"iso2",
        b"iso4",
        b"iso5",
        b"iso6",
        b"mp41",
        b"mp42",
        b"avc1",
        b"M4V ",
        b"MSNV",
        b"3gp4",
        b"3gp5",
    }


def _sniff_office(data: bytes) -> str | None:
    """Tell the three office formats apart by their parts; any with macros, and any other archive, is refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > _MAX_ZIP_ENTRIES or sum(entry.file_size for entry in entries) > _MAX_UNZIPPED:
                return None
            names = {entry.filename for entry in entries}
            if any(name.lower().endswith(("vbaproject.bin", ".exe", ".js")) for name in names):
                return None
            for part, mime in _OFFICE.items():
                if part in names and "[Content_Types].xml" in names:
                    return mime
            if "mimetype" in names and archive.getinfo("mimetype").file_size == len(_ODT):
                return _ODT.decode() if archive.read("mimetype") == _ODT else None
    except (zipfile.BadZipFile, ValueError, RuntimeError, OSError, NotImplementedError):
        return None
    return None


def _picture(data: bytes, mime: str, name: str) -> Inspected:
    """Decode and encode again: what remains is only the picture, upright, without EXIF, GPS or trailing bytes."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    wanted = _FORMATS[mime]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP", "GIF"]) as opened:
                if opened.width * opened.height > MAX_PIXELS:
                    return _refused("pixeles")
                opened.load()
                picture: Any = ImageOps.exif_transpose(opened)
                if (wanted == "JPEG" and picture.mode not in {"RGB", "L"}) or picture.mode not in {
                    "RGB",
                    "RGBA",
                    "L",
                    "LA",
                    "P",
                    "1",
                    "I;16",
                }:
                    picture = picture.convert("RGB")
                # A new picture carries the pixels alone: no EXIF, no comments, no colour profile of the camera.
                clean = Image.new(picture.mode, picture.size)
                if picture.mode == "P":
                    clean = picture.convert("RGBA")
                    clean.info = {}
                else:
                    clean.paste(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return _refused("pixeles")
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        TypeError,
        IndexError,
        KeyError,
        EOFError,
        MemoryError,
    ):
        return _refused("danado")
    target = io.BytesIO()
    options: dict[str, Any] = {"quality": 88} if wanted in {"JPEG", "WEBP"} else {}
    clean.save(target, wanted, **options)
    final = "image/png" if wanted == "PNG" else mime
    return _accepted(target.getvalue(), final, name)
