"""Files are what their bytes say, without what betrays their author, or they are refused with a reason."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from PIL import Image

from bot.turn.media import MAX_BYTES, inspect, safe_name
from tests.support.rows import every_row

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def picture(kind: str, size: tuple[int, int] = (40, 30), mode: str = "RGB", **more: object) -> bytes:
    target = io.BytesIO()
    Image.new(mode, size, 120 if mode in {"L", "P"} else None or (10, 120, 80)[: len(mode)]).save(target, kind, **more)
    return target.getvalue()


def huge_png(side: int = 12_000) -> bytes:
    """A PNG of a few kilobytes that opens at 144 megapixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = zlib.compress(bytes((side // 8 + 1) * side), 9)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
        + chunk(b"IDAT", rows)
        + chunk(b"IEND", b"")
    )


def office(*names: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return target.getvalue()


def photo_with_place() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Camara de Prueba"
    exif.get_ifd(0x8825)[2] = (4.0, 12.0, 1.0)
    return picture("JPEG", (40, 20), exif=exif, comment=b"casa de la persona")


@pytest.mark.parametrize(("kind", "mime"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")])
def test_pictures_are_kept_as_pictures(kind: str, mime: str) -> None:
    seen = inspect(picture(kind), name="foto.exe")
    assert (seen.ok, seen.kind, seen.mime, len(seen.sha256)) == (True, "image", mime, 64)
    assert seen.name.startswith("foto.")
    with Image.open(io.BytesIO(seen.content)) as opened:
        assert opened.size == (40, 30)


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "RGBA", "LA", "1"])
def test_every_colour_mode_survives(mode: str) -> None:
    target = io.BytesIO()
    Image.new(mode, (8, 8)).save(target, "PNG")
    assert inspect(target.getvalue()).ok


def test_a_moving_gif_becomes_one_still_png() -> None:
    target = io.BytesIO()
    frames = [Image.new("P", (8, 8), shade) for shade in (1, 2, 3)]
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:])
    seen = inspect(target.getvalue(), name="a.gif")
    assert (seen.mime, seen.name) == ("image/png", "a.png")


def test_where_and_with_what_a_photo_was_taken_is_dropped_and_it_stands_upright() -> None:
    seen = inspect(photo_with_place())
    with Image.open(io.BytesIO(seen.content)) as opened:
        assert dict(opened.getexif()) == {}
        assert "comment" not in opened.info
        assert opened.size == (20, 40)
    assert b"Camara" not in seen.content
    assert b"casa" not in seen.content


def test_bytes_after_the_picture_are_gone() -> None:
    seen = inspect(picture("PNG") + b"<script>alert(1)</script>")
    assert b"script" not in seen.content


def test_a_small_file_with_a_huge_picture_is_refused_without_opening_it() -> None:
    bomb = huge_png()
    assert len(bomb) < 40_000
    assert inspect(bomb).reason == "pixeles"


@every_row(
    ("content", "reason"),
    [
        (b"", "vacio"),
        (b"x", "tipo"),
        (b"<html><script>alert(1)</script></html>", "tipo"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "tipo"),
        (b"MZ" + b"\x00" * 200, "tipo"),
        (b"#!/bin/sh\nrm -rf /\n", "tipo"),
        (b"\x7fELF" + b"\x00" * 60, "tipo"),
        (b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*", "tipo"),
        (b"GIF89a=1/*" + b"\x00" * 20 + b"*/;alert(1)", "danado"),
        (picture("JPEG")[:200], "danado"),
        (PDF.replace(b"<<>>", b"<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>", 1), "activo"),
        (PDF.replace(b"<<>>", b"<</S/Launch/F(calc.exe)>>", 1), "activo"),
        (office("setup.exe"), "tipo"),
        (office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "tipo"),
        (b"PK\x03\x04 broken", "tipo"),
        (b"\x00" * (MAX_BYTES["audio"] + 1), "grande"),
    ],
)
def test_what_is_not_welcome_is_refused_with_its_reason(content: bytes, reason: str) -> None:
    seen = inspect(content, name="foto.jpg")
    assert (seen.ok, seen.reason, seen.content) == (False, reason, b"")


@pytest.mark.parametrize(
    ("content", "kind", "mime"),
    [
        (PDF, "document", "application/pdf"),
        (
            office("[Content_Types].xml", "word/document.xml"),
            "document",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (b"OggS\x00\x02" + b"\x00" * 60, "audio", "audio/ogg"),
        (b"ID3\x04" + b"\x00" * 60, "audio", "audio/mpeg"),
        (b"\x00\x00\x00\x18ftypisom" + b"\x00" * 60, "video", "video/mp4"),
        (b"\x00\x00\x00\x18ftypM4A " + b"\x00" * 60, "audio", "audio/mp4"),
    ],
)
def test_documents_and_recordings_are_known_by_their_beginning(content: bytes, kind: str, mime: str) -> None:
    seen = inspect(content)
    assert (seen.ok, seen.kind, seen.mime, seen.content) == (True, kind, mime, content)


def test_the_caller_may_narrow_the_size() -> None:
    assert inspect(PDF, max_bytes=10).reason == "grande"


@every_row(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\fotos\\recibo de luz.PDF", "recibo de luz.pdf"),
        ("a\x00b\u202efdp.exe", "a b fdp.pdf"),
        ("<script>.pdf", "script.pdf"),
        ("", "archivo.pdf"),
        ("...", "archivo.pdf"),
        ("ñandú (2).pdf", "ñandú (2).pdf"),
        ("x" * 300 + ".pdf", "x" * 80 + ".pdf"),
    ],
)
def test_names_of_files_are_made_harmless(name: str, safe: str) -> None:
    assert safe_name(name, "application/pdf") == safe
