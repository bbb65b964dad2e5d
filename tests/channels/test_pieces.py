"""The ladder: buttons, then a list, then numbers; and long text in parts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import Caps, Option, Say
from bot.channels.pieces import pieces, width
from tests.support.calm import calm

CHARACTERS = st.characters(codec="utf-8", categories=["L", "N", "P", "So", "Zs"], include_characters="\n")
WORDS = st.text(CHARACTERS, max_size=400)
LABELS = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=30)
OPTIONS = st.lists(st.builds(Option, st.just("t"), LABELS, st.one_of(st.just(""), LABELS)), max_size=14).map(tuple)
CAPS = st.builds(
    Caps,
    text=st.integers(120, 300),
    body_with_options=st.integers(60, 120),
    buttons=st.sampled_from([0, 3, 10]),
    button_len=st.sampled_from([10, 20]),
    rows=st.sampled_from([0, 10]),
    row_len=st.just(24),
    hint_len=st.just(24),
)


def squeezed(text: str) -> str:
    return "".join(text.split())


@calm
@given(say=st.builds(Say, WORDS, OPTIONS, menu_label=st.just("Ver opciones")), caps=CAPS)
def test_every_piece_fits_its_channel_and_nothing_that_was_said_is_lost(say: Say, caps: Caps) -> None:
    found = pieces(say, caps)

    assert all(0 < width(piece.text) <= caps.text for piece in found)
    assert all(not piece.options for piece in found[:-1])
    said = squeezed("".join(piece.text for piece in found))
    assert said.startswith(squeezed(say.text)[:50])
    assert squeezed(say.text) in said
    if not say.options:
        return
    last = found[-1]
    match last.form:
        case "buttons":
            assert last.options == say.options
            assert len(last.options) <= caps.buttons
            assert all(len(option.label) <= caps.button_len for option in last.options)
            assert width(last.text) <= caps.body_with_options
        case "list":
            assert last.options == say.options
            assert len(last.options) <= caps.rows
            assert all(
                len(option.label) <= caps.row_len and len(option.hint) <= caps.hint_len for option in last.options
            )
            assert width(last.text) <= caps.body_with_options
        case _:
            assert last.form == "numbered"
            for number, option in enumerate(say.options, start=1):
                assert squeezed(f"{number}. {option.label}") in said


@calm
@given(options=OPTIONS.filter(bool))
def test_no_richer_form_is_passed_over(options: tuple[Option, ...]) -> None:
    caps = Caps(text=4096, body_with_options=4096, buttons=3, button_len=20, rows=10, row_len=24, hint_len=72)
    form = pieces(Say("Elija", options), caps)[-1].form

    fits_buttons = len(options) <= 3 and all(len(option.label) <= 20 and not option.hint for option in options)
    fits_list = len(options) <= 10 and all(len(option.label) <= 24 for option in options)
    assert form == ("buttons" if fits_buttons else "list" if fits_list else "numbered")


def test_hints_go_into_the_text_where_buttons_have_no_room_for_them() -> None:
    caps = Caps(text=400, body_with_options=400, buttons=10, button_len=20)
    (piece,) = pieces(Say("Elija", (Option("1", "Agua", "acueducto"), Option("2", "Gas"))), caps)

    assert piece.text == "Elija\n\nAgua: acueducto"
    assert piece.form == "buttons"


def test_options_without_words_get_the_name_of_the_menu() -> None:
    caps = Caps(text=400, body_with_options=400, buttons=10, button_len=20)

    assert pieces(Say("", (Option("1", "Agua"),)), caps)[0].text == "Ver opciones"


def test_a_flood_of_emoji_is_cut_by_what_the_provider_counts() -> None:
    caps = Caps(text=100, body_with_options=100, buttons=0, button_len=0)
    found = pieces(Say("😀" * 250), caps)

    assert "".join(piece.text for piece in found) == "😀" * 250
    assert all(width(piece.text) <= 100 for piece in found)


def test_what_is_asked_for_is_asked_in_the_last_piece() -> None:
    caps = Caps(text=100, body_with_options=100, buttons=0, button_len=0)
    found = pieces(Say("palabra " * 40, ask="location"), caps)

    assert [piece.ask for piece in found] == ["", "", "", "location"]
