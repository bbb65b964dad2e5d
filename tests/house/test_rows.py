"""A table that one test checks is tried to its end, and what fails in it is told row by row."""

import pytest

from tests.support.rows import TOLD_IN_FULL, every_row


def told(check, *args, **fixtures):
    with pytest.raises(pytest.fail.Exception) as failed:
        check(*args, **fixtures)
    return str(failed.value)


def test_all_rows_are_tried_and_those_that_fail_are_told_by_name():
    tried = []

    @every_row(("one", "other"), [(1, 1), pytest.param(1, 2, id="unlike"), (3, 4)])
    def same(one, other):
        tried.append((one, other))
        assert one == other, f"{one} is not {other}"

    text = told(same)
    assert tried == [(1, 1), (1, 2), (3, 4)]
    assert text.startswith("2 of 3 rows fail\n── unlike\n")
    assert "1 is not 2" in text
    assert "── 3-4" in text
    assert "3 is not 4" in text
    assert "assert one == other" in text


def test_of_many_that_fail_the_last_are_only_named():
    @every_row("number", range(TOLD_IN_FULL + 3), ids="no. {}".format)
    def never(number):
        raise ValueError("no")

    assert told(never).count("ValueError: no") == TOLD_IN_FULL
    assert told(never).endswith(f"── no. {TOLD_IN_FULL + 2}")


async def test_a_coroutine_is_awaited_for_every_row():
    @every_row("number", [1, 2], ids=["one", "two"])
    async def small(number):
        assert number < 2

    with pytest.raises(pytest.fail.Exception, match="1 of 2 rows fail\n── two"):
        await small()


def test_every_row_has_a_folder_of_its_own_and_the_other_fixtures_are_shared(tmp_path):
    folders, given = [], object()

    @every_row("name", ["a", "b"])
    @every_row("other", [1, 2])
    def writes(name, other, tmp_path, shared):
        (tmp_path / "once").mkdir()
        folders.append(tmp_path)
        assert shared is given

    writes(tmp_path=tmp_path, shared=given)
    assert len(set(folders)) == 4


def test_a_table_that_checks_nothing_or_names_no_argument_is_refused():
    def check(one):
        pass

    with pytest.raises(AssertionError, match="has no rows"):
        every_row("one", [])(check)
    with pytest.raises(AssertionError, match="takes no other"):
        every_row("other", [1])(check)
    with pytest.raises(AssertionError, match="as many names as rows"):
        every_row("one", [1, 2], ids=["a"])(check)
