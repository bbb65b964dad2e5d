"""Where messages cost money, what a turn says is as few of them as lose nothing."""

from __future__ import annotations

from dataclasses import replace

from bot.channels.base import Media, Option, Say
from bot.channels.whatsapp.caps import CAPS
from bot.turn.bubbles import joined

TWO = (Option("o1", "Sí"), Option("o2", "No"))
FILE = Media("document", "c:7", "application/pdf")
HELLO, ASK = ("saluda", Say("Buenos días.")), ("pide", Say("¿Es correcto?", TWO))


def test_neighbours_become_one_and_its_options_stay_at_the_end() -> None:
    assert joined([HELLO, HELLO, ASK], CAPS) == [("pide", Say("Buenos días.\n\nBuenos días.\n\n¿Es correcto?", TWO))]


def test_a_question_is_followed_by_nothing_that_hides_it() -> None:
    place = ("lugar", Say("¿Dónde?", ask="location"))

    assert joined([ASK, HELLO], CAPS) == [ASK, HELLO]
    assert joined([place, HELLO], CAPS) == [place, HELLO]


def test_a_file_keeps_its_words_and_two_files_stay_two() -> None:
    file = ("archivo", Say("Su constancia.", media=(FILE,)))

    assert joined([file, ASK], CAPS) == [("pide", Say("Su constancia.\n\n¿Es correcto?", TWO, (FILE,)))]
    assert joined([file, file], CAPS) == [file, file]


def test_what_does_not_fit_together_stays_apart() -> None:
    long = ("largo", Say("x" * 1020))

    assert joined([long, ASK], CAPS) == [long, ASK]
    assert len(joined([long, long, long, long], CAPS)) == 1
    assert len(joined([long, long, long, long, long], CAPS)) == 2


def test_what_counts_double_is_counted_double() -> None:
    drops = ("gotas", Say("💧" * 510))

    assert joined([drops, ASK], CAPS) == [drops, ASK]


def test_where_messages_cost_nothing_each_stays_as_it_was_said() -> None:
    assert joined([HELLO, ASK], replace(CAPS, paid=False)) == [HELLO, ASK]
