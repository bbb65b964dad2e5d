"""Hostile files, built here so that the repository holds no dangerous byte; each with what must become of it."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass

from PIL import Image

#: Marks that must not survive in what we keep.
PLACE_MARK = b"casa de la persona sembrada"
SCRIPT_MARK = b"alert(document.cookie)"


@dataclass(frozen=True)
class HostileFile:
    """``status`` is the answer to its upload; ``gone`` is what the kept file must not hold any more."""

    name: str
    content: bytes
    status: int
    gone: tuple[bytes, ...] = ()
    mime: str = "image/jpeg"


def _picture(kind: str, **more: object) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (40, 20), (10, 120, 80)).save(target, kind, **more)
    return target.getvalue()


def photo_with_place() -> bytes:
    """Return a JPEG that tells where and with what it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "Camara Sembrada"
    exif.get_ifd(0x8825).update({1: "N", 2: (4.0, 12.0, 1.0), 3: "W", 4: (74.0, 5.0, 2.0)})
    return _picture("JPEG", exif=exif, comment=PLACE_MARK)


def png_with_text() -> bytes:
    """Return a PNG whose text chunks tell where it was taken."""
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Comment", PLACE_MARK.decode())
    info.add_itxt("XML:com.adobe.xmp", f"<x>{PLACE_MARK.decode()}</x>")
    exif = Image.Exif()
    exif.get_ifd(0x8825)[2] = (4.0, 12.0, 1.0)
    return _picture("PNG", pnginfo=info, exif=exif)


def png(width: int, height: int, rows: bytes) -> bytes:
    """Return a one-bit PNG of that size whose picture data is ``rows``, compressed."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def bomb() -> bytes:
    """Return a PNG of a few kilobytes that opens at 144 megapixels."""
    return png(12_000, 12_000, bytes(1_501 * 12_000))


def archive(**entries: bytes) -> bytes:
    """Return a ZIP of the entries; ``__`` in a name stands for ``/`` and ``_`` before an extension for ``.``."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            packed.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return target.getvalue()


def pdf(body: str = "") -> bytes:
    """Return a tiny PDF with ``body`` in its catalog."""
    return f"%PDF-1.7\n1 0 obj<</Type/Catalog{body}>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n".encode()


def docx(**more: bytes) -> bytes:
    """Return something that looks like a text document."""
    types = zipfile.ZipInfo("[Content_Types].xml").filename
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(types, "<Types/>")
        packed.writestr("word/document.xml", "<w/>")
        for name, content in more.items():
            packed.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return target.getvalue()


def hostile_files() -> dict[str, HostileFile]:
    """Return every hostile file by its name."""
    script = b"<script>" + SCRIPT_MARK + b"</script>"
    svg = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="' + SCRIPT_MARK + b'"/>'
    jpeg = photo_with_place()
    entry = HostileFile
    return {
        "photo_with_place": entry("casa.jpg", jpeg, 201, (PLACE_MARK, b"Exif", b"Camara Sembrada")),
        "png_with_place": entry("casa.png", png_with_text(), 201, (PLACE_MARK, b"eXIf", b"tEXt", b"iTXt")),
        "jpeg_with_trailer": entry("foto.jpg", _picture("JPEG") + script, 201, (SCRIPT_MARK,)),
        "gif_script_polyglot": entry(
            "foto.gif", _picture("GIF") + b"/*" + SCRIPT_MARK + b"*/", 201, (SCRIPT_MARK, b"GIF8")
        ),
        "gif_head_only": entry("foto.gif", b"GIF89a/*\x00*/=1;" + SCRIPT_MARK, 400),
        "jpeg_zip_polyglot": entry("foto.jpg", _picture("JPEG") + archive(a=b"x"), 201, (b"PK\x03\x04",)),
        "script_named_photo": entry("foto.jpg", script, 415),
        "html_page": entry("factura.html", b"<!doctype html>" + script, 415),
        "svg_with_script": entry("logo.svg", svg, 415),
        "svg_named_png": entry("logo.png", svg, 415),
        "pdf_with_script": entry("factura.pdf", pdf("/OpenAction<</S/JavaScript/JS(app.alert(1))>>"), 415),
        "pdf_with_hidden_script": entry("factura.pdf", pdf("/OpenAction<</S/J#61vaScript/#4aS(app.alert(1))>>"), 415),
        "pdf_that_launches": entry("factura.pdf", pdf("/OpenAction<</S/Launch/F(cmd.exe)>>"), 415),
        "pdf_with_file_inside": entry("factura.pdf", pdf("/Names<</EmbeddedFile 3 0 R>>"), 415),
        "pdf_named_photo": entry("foto.jpg", pdf(), 201),
        "bomb_144_megapixels": entry("foto.png", bomb(), 413),
        "png_that_lies_about_its_size": entry("foto.png", png(4_000_000_000, 4_000_000_000, b"\0"), 413),
        "png_cut_short": entry("foto.png", _picture("PNG")[:60], 400),
        "jpeg_cut_short": entry("foto.jpg", jpeg[: len(jpeg) // 2], 400),
        "png_of_nothing": entry("foto.png", png(0, 0, b""), 400),
        "zip_archive": entry("fotos.zip", archive(a_dot_txt=b"x"), 415),
        "zip_bomb_document": entry("carta.docx", docx(word__media_dot_bin=bytes(101_000_000)), 415),
        "document_with_macros": entry("carta.docx", docx(word__vbaProject_dot_bin=b"x"), 415),
        "document_with_program": entry("carta.docx", docx(word__setup_dot_exe=b"MZ"), 415),
        "zip_that_lies": entry("carta.docx", docx()[:-10], 415),
        "program": entry("foto.jpg", b"MZ" + bytes(200), 415),
        "elf": entry("foto.jpg", b"\x7fELF" + bytes(200), 415),
        "shell_script": entry("foto.sh", b"#!/bin/sh\ntouch /tmp/atiende-ejecutado\n", 415),
        "python_pickle": entry("foto.pkl", b"cos\nsystem\n(S'touch /tmp/atiende-ejecutado'\ntR.", 415),
        "empty": entry("foto.jpg", b"", 400),
        "one_byte": entry("foto.jpg", b"\0", 415),
        "postscript_as_photo": entry("foto.jpg", b"%!PS-Adobe-3.0\n%pipe%touch /tmp/atiende-ejecutado", 415),
        "eicar": entry("foto.txt", b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*", 415),
    }


#: Names of files that try to leave their folder, to break a header or to look like something else.
HOSTILE_NAMES = (
    "../../../../etc/passwd",
    "..\\..\\windows\\system32\\cmd.exe",
    "/etc/cron.d/atiende",
    "C:\\autoexec.bat",
    "foto.jpg\x00.exe",
    'foto"; filename="malo.exe',
    "foto.jpg\r\nSet-Cookie: a=b",
    "\u202egpj.exe",
    "<script>alert(1)</script>.jpg",
    "=HYPERLINK(1).jpg",
    "{{7*191}}.jpg",
    "$(touch /tmp/atiende-ejecutado).jpg",
    "." * 300,
    "a" * 5_000 + ".jpg",
    "😀" * 200 + ".jpg",
    ".htaccess",
    "CON",
    "-rf",
    "ñandú de José.jpg",
    "%2e%2e%2fetc%2fpasswd",
    "",
)
