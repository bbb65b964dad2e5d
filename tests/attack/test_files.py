"""Hostile files: only what they are said to be is kept, without what betrays their author; the rest has a reason."""

from __future__ import annotations

import io
import json
import uuid
from datetime import timedelta

import httpx
from PIL import Image

from tests.attack.corpus.files import HOSTILE_NAMES, hostile_files, photo_with_place
from tests.attack.place import Place


async def upload(place: Place, bearer: dict[str, str], name: str, content: bytes) -> httpx.Response:
    place.clock.move(timedelta(seconds=61))
    mark = uuid.uuid4().hex.encode()
    head = b'Content-Disposition: form-data; name="file"; filename="' + name.encode("utf-8", "replace") + b'"'
    body = (
        b"--" + mark + b"\r\n" + head + b"\r\nContent-Type: image/jpeg\r\n\r\n" + content + b"\r\n--" + mark + b"--\r\n"
    )
    headers = {**bearer, "Content-Type": f"multipart/form-data; boundary={mark.decode()}"}
    return await place.client.post("/chat/api/files", content=body, headers=headers)


async def test_each_hostile_file_is_refused_with_a_reason_or_kept_without_its_sting(place: Place) -> None:
    odd = []
    for name, file in hostile_files().items():
        bearer = await place.session()
        answer = await upload(place, bearer, file.name, file.content)
        if answer.status_code != file.status:
            odd.append((name, answer.status_code, answer.text))
            continue
        if answer.status_code != 201:
            if not answer.json()["error"].endswith("."):
                odd.append((name, answer.status_code, answer.text))
            continue
        kept = await place.client.get(f"/chat/api/files/{answer.json()['file_id']}", headers=bearer)
        left = [mark for mark in file.gone if mark in kept.content]
        if kept.status_code != 200 or left:
            odd.append((name, kept.status_code, str(left)))
        if (
            "attachment" not in kept.headers["content-disposition"]
            or "sandbox" not in kept.headers["content-security-policy"]
        ):
            odd.append((name, 0, "a browser might show it"))
    assert odd == []


async def test_a_photo_filed_as_annex_tells_no_place_on_any_way_out(place: Place) -> None:
    bearer = await place.session()
    file_id = (await upload(place, bearer, "casa.jpg", photo_with_place())).json()["file_id"]
    answer = await place.chat(bearer, text="esta es mi casa", file_id=file_id)
    assert answer.status_code == 200
    content, _, mime = await place.services.documents.for_channel(f"file:{file_id}")
    assert mime == "image/jpeg"
    with Image.open(io.BytesIO(content)) as photo:
        assert not photo.getexif()
        assert not {"exif", "comment", "icc_profile"} & set(photo.info)


async def test_names_of_files_leave_no_folder_and_break_no_header(place: Place) -> None:
    odd = []
    for name in HOSTILE_NAMES:
        bearer = await place.session()
        answer = await upload(place, bearer, name, photo_with_place())
        if answer.status_code == 400 and answer.json()["error"].endswith("."):
            continue
        shown = answer.json().get("name", "")
        kept = await place.client.get(f"/chat/api/files/{answer.json().get('file_id')}", headers=bearer)
        header = kept.headers.get("content-disposition", "")
        if (
            answer.status_code != 201
            or set(shown) & set('/\\<>"\r\n\0\u202e;=$')
            or ".." in shown
            or not shown.endswith(".jpg")
        ):
            odd.append((name[:40], answer.status_code, shown))
        if (
            kept.status_code != 200
            or header.count("filename=") != 1
            or "set-cookie" in kept.headers
            or len(shown) > 100
        ):
            odd.append((name[:40], kept.status_code, header))
    assert odd == []


STRANGE_IDS = ("file_999", "", "x" * 101, "../../etc/passwd", "a\0b", "\ud800", "caso_1", 7, ["file_1"], {"a": 1}, True)


async def test_a_file_that_is_not_ones_own_cannot_be_named(place: Place) -> None:
    bearer = await place.session()
    answers = [
        (strange, (await place.chat(bearer, text="mire", file_id=strange)).status_code) for strange in STRANGE_IDS
    ]
    assert answers == [(strange, 400) for strange in STRANGE_IDS]


async def test_another_conversations_file_case_and_session_stay_closed(place: Place) -> None:
    owner, thief = await place.session(), await place.session()
    file_id = (await upload(place, owner, "casa.jpg", photo_with_place())).json()["file_id"]
    assert (await place.chat(thief, text="mire", file_id=file_id)).status_code == 400
    for wanted in (file_id, "file_999", "a%00b", "%ff", "..%2f..%2fetc%2fpasswd", "%ed%a0%80", "x" * 5_000, "🙂"):
        place.clock.move(timedelta(seconds=10))
        assert (await place.client.get(f"/chat/api/files/{wanted}", headers=thief)).status_code == 404, wanted
        assert (await place.client.get(f"/chat/api/documents/constancia/{wanted}", headers=thief)).status_code == 404, (
            wanted
        )
        assert (await place.client.get(f"/conversations/yo/documents/constancia/{wanted}")).status_code == 404, wanted
    for secret in ("", "x", "x" * 40, "x" * 5_000, "ñ" * 30, owner["Authorization"][7:].upper() + "0"):
        wrong = {"Authorization": f"Bearer {secret}".encode()}
        assert (await place.client.get(f"/chat/api/files/{file_id}", headers=wrong)).status_code == 401
    assert (await place.client.get(f"/chat/api/files/{file_id}", headers=owner)).status_code == 200


FORMS: list[tuple[str, bytes]] = [
    ("multipart/form-data", b"x"),
    ("multipart/form-data; boundary=", b"--\r\n"),
    ("multipart/form-data; boundary=a", b""),
    ("multipart/form-data; boundary=a", b"--a\r\n\r\n"),
    ("multipart/form-data; boundary=a", b'--a\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nx'),
    ("multipart/form-data; boundary=a", b'--a\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n--a--\r\n'),
    ("multipart/form-data; boundary=a", b'--a\r\nContent-Disposition: form-data; name="otro"; filename="a"\r\n\r\nx\r\n--a--'),
    ("multipart/form-data; boundary=a; charset=no-such", b'--a\r\nContent-Disposition: form-data; name="\xff"\r\n\r\nx\r\n--a--'),
    ("multipart/form-data; boundary=\xff", b"--\xff--"),
    ("multipart/form-data; boundary=a", b"--a\r\nX: y\r\n\r\nx\r\n--a--\r\n"),
    ("multipart/form-data; boundary=a", b"--a\r\n" + b"X: y\r\n" * 2_000 + b"\r\nx\r\n--a--\r\n"),
    ("multipart/form-data; boundary=a", b'--a\r\nContent-Disposition: form-data; name="x"\r\n\r\nx\r\n' * 50 + b"--a--\r\n"),
    ("application/json", json.dumps({"file": "x"}).encode()),
    ("application/x-www-form-urlencoded", b"file=x"),
    ("", b"\0" * 100),
]  # fmt: skip


async def test_a_form_that_is_none_is_refused_in_words(place: Place) -> None:
    odd = []
    for kind, body in FORMS:
        headers = {**await place.session(), "Content-Type": kind.encode("latin-1")}
        place.clock.move(timedelta(seconds=61))
        answer = await place.client.post("/chat/api/files", content=body, headers=headers)
        if answer.status_code not in {400, 415} or not answer.json()["error"].endswith("."):
            odd.append((kind, body, answer.status_code))
    assert odd == []


async def test_ten_files_a_minute_are_enough_for_one_person(place: Place) -> None:
    bearer = await place.session()
    answers = []
    for _ in range(12):
        place.clock.move(timedelta(seconds=-61))
        answers.append((await upload(place, bearer, "a.jpg", b"x")).status_code)
    assert set(answers[:10]) == {415}
    assert answers[10:] == [429, 429]
