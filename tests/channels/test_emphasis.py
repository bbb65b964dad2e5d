"""Bold in our wording reaches people as bold, or as nothing; never as asterisks, never as markup of theirs."""

from __future__ import annotations

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.emphasis import as_html, plain, runs


def test_marked_words_are_bold_in_html_and_bare_in_plain_text() -> None:
    assert as_html("Radicado **2026**.") == "Radicado <b>2026</b>."
    assert plain("Radicado **2026**.") == "Radicado 2026."


def test_what_people_write_stays_text() -> None:
    assert as_html("<script> & 2 ** 3 ** 4") == "&lt;script&gt; &amp; 2 ** 3 ** 4"


@given(st.text(alphabet="ab*<> \n", max_size=60))
def test_html_says_the_same_letters_as_plain_text(text: str) -> None:
    assert html.unescape(re.sub(r"</?b>", "", as_html(text))) == plain(text)
    assert "".join(piece for piece, _ in runs(text)) == plain(text)
