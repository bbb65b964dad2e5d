"""Personal columns open only where they were sealed, with the keys at hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.crypto import Keyring
from storage.errors import BadKeyring, SealBroken

RING = Keyring.generate()


@given(st.binary(max_size=300), st.text(max_size=40))
def test_what_is_sealed_opens_in_its_place(plain: bytes, place: str) -> None:
    assert RING.open(RING.seal(plain, place), place) == plain


def test_two_seals_of_the_same_words_differ() -> None:
    assert RING.seal(b"words", "a:1") != RING.seal(b"words", "a:1")


def test_a_value_moved_to_another_row_does_not_open() -> None:
    with pytest.raises(SealBroken):
        RING.open(RING.seal(b"words", "cases:1:relato"), "cases:2:relato")


@given(st.integers(min_value=0, max_value=40), st.integers(min_value=1, max_value=255))
def test_a_changed_byte_does_not_open(place: int, change: int) -> None:
    sealed = bytearray(RING.seal(b"words of a person", "a:1"))
    sealed[place % len(sealed)] ^= change
    with pytest.raises(SealBroken):
        RING.open(bytes(sealed), "a:1")


@given(st.binary(max_size=40))
def test_rubbish_does_not_open(rubbish: bytes) -> None:
    with pytest.raises(SealBroken):
        RING.open(rubbish, "a:1")


def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    old = RING.seal(b"words", "a:1")
    ring = RING.rotated("k2")
    assert ring.open(old, "a:1") == b"words"
    assert ring.open(ring.seal(b"new", "a:1"), "a:1") == b"new"
    with pytest.raises(SealBroken, match="not at hand"):
        RING.open(ring.seal(b"new", "a:1"), "a:1")


def test_a_blind_index_survives_a_new_key_and_depends_on_its_purpose() -> None:
    index = RING.blind("1098765432", "cases:documento")
    assert RING.rotated("k2").blind("1098765432", "cases:documento") == index
    assert RING.blind("1098765432", "accounts:documento") != index
    assert Keyring.generate().blind("1098765432", "cases:documento") != index
    assert len(index) == 64


def test_the_ring_travels_as_one_line() -> None:
    ring = RING.rotated("k2")
    again = Keyring.from_text(ring.to_text())
    assert again.open(RING.seal(b"words", "a:1"), "a:1") == b"words"
    assert again.to_text() == ring.to_text()
    assert again.to_text().startswith("k2:")


@pytest.mark.parametrize(
    "text", ["", "rubbish", "k1:AAAA,index:AAAA", "k1:" + "A" * 43, "index:" + "A" * 43, "k1:é,index:é"]
)
def test_a_bad_ring_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(BadKeyring) as refusal:
        Keyring.from_text(text)
    assert "AAAA" not in str(refusal.value)


def test_a_ring_never_shows_its_keys() -> None:
    shown = repr(RING)
    assert RING.to_text().split(":")[1][:10] not in shown
    assert "k1" in shown


@pytest.mark.parametrize(
    ("keys", "current", "index"),
    [
        ({"k1": b"k" * 32}, "k2", b"i" * 32),
        ({"k1": b"k" * 31}, "k1", b"i" * 32),
        ({"k1": b"k" * 32}, "k1", b"i" * 33),
        ({"a b": b"k" * 32}, "a b", b"i" * 32),
        ({"ñ": b"k" * 32}, "ñ", b"i" * 32),
        ({"k" * 33: b"k" * 32}, "k" * 33, b"i" * 32),
    ],
)
def test_a_ring_with_a_wrong_key_is_refused(keys: dict[str, bytes], current: str, index: bytes) -> None:
    with pytest.raises(BadKeyring):
        Keyring(keys, current, index)
