"""Looks into files that people send: what they really are, whether they are safe to keep, and without their traces."""

from __future__ import annotations

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
_UNSAFE_NAME = re.compile(r"[^\w .,()\-]+")
_MAX_NAME = 80
_MAX_ZIP_ENTRIES, _MAX_UNZIPPED = 2_000, 100_000_000
_HEAD = 4_096


@dataclass(frozen=True, slots=True)
class Accepted:
    """A file fit to keep: ``data`` is what to store (pictures re-encoded without metadata), ``name`` is safe to show."""

    kind: MediaKind
    mime: str
    name: str
    data: bytes

    @property
    def size(self) -> int:
        """Bytes to store."""
        return len(self.data)


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that is not kept, and why."""

    reason: Reason


def check_file(data: bytes, name: str = "", *, limit: int | None = None) -> Accepted | Refused:
    """Look at a file's own bytes and return what to keep of it, or why not; the sender's word is never believed.

    Takes time for large pictures (about 0.3 s for 12 megapixels): call it in a thread. ``limit`` in bytes narrows the
    limits by kind. Location and other metadata of pictures are dropped (ASVS V14.2.8).
    """
    if not data:
        return Refused("vacio")
    if len(data) > max(MAX_BYTES.values()) or (limit is not None and len(data) > limit):
        return Refused("grande")
    mime = _sniff(data)
    if mime is None:
        return Refused("tipo")
    kind = _kind(mime)
    if len(data) > MAX_BYTES[kind]:
        return Refused("grande")
    if mime in _FORMATS:
        return _picture(data, mime, name)
    if mime == "application/pdf" and _ACTIVE_PDF.search(data):
        return Refused("activo")
    return Accepted(kind, mime, safe_name(name, mime), data)


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
    return brand in {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"3gp4", b"3gp5"}


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


def _picture(data: bytes, mime: str, name: str) -> Accepted | Refused:
    """Decode and encode again: what remains is only the picture, upright, without EXIF, GPS or trailing bytes."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    wanted = _FORMATS[mime]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP", "GIF"]) as opened:
                if opened.width * opened.height > MAX_PIXELS:
                    return Refused("pixeles")
                opened.load()
                picture: Any = ImageOps.exif_transpose(opened)
                if (wanted == "JPEG" and picture.mode not in {"RGB", "L"}) or picture.mode not in {"RGB", "RGBA", "L", "LA", "P", "1", "I;16"}:
                    picture = picture.convert("RGB")
                # A new picture carries the pixels alone: no EXIF, no comments, no colour profile of the camera.
                clean = Image.new(picture.mode, picture.size)
                if picture.mode == "P":
                    clean = picture.convert("RGBA")
                    clean.info = {}
                else:
                    clean.paste(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return Refused("pixeles")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, TypeError, IndexError, KeyError, EOFError, MemoryError):
        return Refused("danado")
    target = io.BytesIO()
    options: dict[str, Any] = {"quality": 88} if wanted in {"JPEG", "WEBP"} else {}
    clean.save(target, wanted, **options)
    final = "image/png" if wanted == "PNG" else mime
    return Accepted("image", final, safe_name(name, final), target.getvalue())
