"""What sets of favourites promise, whatever is in them, and the cookie that holds one."""

import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.favorites import cookie
from portal.favorites.cookie import UnreadableCookieError
from portal.favorites.kept import Kept, TooManyFavoritesError, merged, with_one_more
from portal.favorites.models import LONGEST_NOTE, MOST_FAVORITES
from portal.secret_key import SecretKey
from tests.conftest import NOW, SECRET

KEY = SecretKey([SECRET], Path())
BOX = KEY.box(cookie.BOX)
FIXED = settings(derandomize=True, deadline=None, database=None, max_examples=150)
LARGEST = 2**31 - 1

NUMBERS = st.integers(1, LARGEST)
SECONDS = st.integers(0, 2**32 - 1).map(lambda second: datetime.fromtimestamp(second, UTC))
# Few listings, so that the same one is often in both.
KEPT = st.builds(Kept, st.integers(1, 12), NUMBERS, SECONDS, st.text(max_size=3))
SETS = st.lists(KEPT, max_size=12, unique_by=lambda kept: kept.listing_id)


@FIXED
@given(SETS, SETS)
def test_merging_loses_nothing_has_no_doubles_and_changes_nothing_when_done_again(
    one: list[Kept], other: list[Kept]
) -> None:
    both = merged(one, other)
    ids = [kept.listing_id for kept in both]
    assert sorted(ids) == sorted({kept.listing_id for kept in (*one, *other)})
    assert merged(both, other) == merged(both, one) == merged(both, both) == both
    for kept in both:
        same = [each for each in (*one, *other) if each.listing_id == kept.listing_id]
        assert kept.saved_at == min(each.saved_at for each in same)
        assert kept.known_version_id == min(each.known_version_id for each in same)
        notes = [each.note for each in same if each.note]
        assert kept.note == (notes[0] if notes else "")


@FIXED
@given(st.lists(st.builds(Kept, NUMBERS, NUMBERS, SECONDS), max_size=MOST_FAVORITES))
def test_cookie_gives_back_what_was_put_into_it(kept: list[Kept]) -> None:
    assert cookie.read(cookie.write(kept, BOX, now=NOW), BOX) == tuple(kept)


@FIXED
@given(st.one_of(st.text(), st.binary().map(lambda raw: raw.decode("latin-1"))))
def test_anything_else_is_no_cookie(value: str) -> None:
    with pytest.raises(UnreadableCookieError):
        cookie.read(value, BOX)


def test_cookie_that_was_cut_changed_or_sealed_for_something_else_is_not_read() -> None:
    good = cookie.write([Kept(1, 1, NOW)], BOX, now=NOW)
    middle = len(good) // 2
    changed = good[:middle] + ("A" if good[middle] != "A" else "B") + good[middle + 1 :]
    other_way = BOX.seal(b"\x02" + struct.pack(">III", 1, 1, 1), now=NOW)
    half_a_row = BOX.seal(b"\x01\x00", now=NOW)
    foreign = cookie.write([Kept(1, 1, NOW)], KEY.box("forms"), now=NOW)
    for value in (good[:-4], good[9:], changed, other_way, half_a_row, foreign, ""):
        with pytest.raises(UnreadableCookieError):
            cookie.read(value, BOX)


def test_a_hundred_of_the_largest_numbers_fit_into_a_cookie() -> None:
    late = datetime(2199, 1, 1, tzinfo=UTC)
    kept = [Kept(LARGEST - n, LARGEST, late, "あ" * LONGEST_NOTE) for n in range(MOST_FAVORITES)]
    value = cookie.write(kept, BOX, now=NOW)
    # With its name and all that is said of it.
    assert len(value) < 4096 - 300
    assert len(cookie.read(value, BOX)) == MOST_FAVORITES


def test_hundred_and_first_is_refused_and_one_that_is_there_stays_as_it_is() -> None:
    kept = [Kept(number, 1, NOW) for number in range(1, MOST_FAVORITES + 1)]
    with pytest.raises(TooManyFavoritesError) as refused:
        with_one_more(kept, Kept(0, 1, NOW), most=MOST_FAVORITES)
    assert refused.value.most == MOST_FAVORITES
    again = Kept(1, 2, NOW + timedelta(days=1))
    assert with_one_more(kept, again, most=MOST_FAVORITES) == tuple(kept)
