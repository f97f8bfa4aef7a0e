"""Normalised text and the way back to the raw one."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index.analysis.normalise import normalise
from tests.search_index.examples import FIXED


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("ＤＸ　Ｒ５", "dx r5"),
        ("㈱ｱｵﾓﾘ", "(株)アオモリ"),
        ("ﾎｰﾑﾍﾟｰｼﾞ", "ホームページ"),
        ("がぎ", "がぎ"),
        ("⻘森の⻑芋と⻨、⼈⼿", "青森の長芋と麦、人手"),
        ("ホームペ－ジのデ-タ", "ホームページのデータ"),
        ("東京－青森 a-b 5-1", "東京-青森 a-b 5-1"),
        ("補助金の\n申請\r\nと", "補助金の申請と"),
        ("一行目。\n二行目", "一行目。\n二行目"),
        ("abc\ndef", "abc\ndef"),
        ("辻\U000e0100さん\u200bと\ufeff", "辻さんと"),
        ("①½", "11⁄2"),
        ("\ud800", "?"),
        ("", ""),
    ],
)
def test_normalised_text(raw: str, text: str) -> None:
    assert normalise(raw).text == text


@pytest.mark.parametrize(
    ("raw", "part", "behind"),
    [
        ("新㈱青森", "(株)", "㈱"),
        ("新㈱青森", "株", "㈱"),
        ("新㈱青森", "青森", "青森"),
        ("ｶﾞﾗｽの皿", "ガラ", "ｶﾞﾗ"),
        ("がいる", "が", "が"),
        ("補助金の\n申請書", "の申請", "の\n申請"),
        ("⻘森", "青", "⻘"),
        ("辻\U000e0100さん", "辻", "辻\U000e0100"),
    ],
)
def test_raw_span_is_the_raw_text_behind(raw: str, part: str, behind: str) -> None:
    normalised = normalise(raw)
    at = normalised.text.index(part)
    start, end = normalised.raw_span(at, at + len(part))
    assert raw[start:end] == behind


@FIXED
@given(st.text(max_size=30))
def test_offsets_ascend_within_the_raw_text(raw: str) -> None:
    normalised = normalise(raw)
    assert len(normalised.text) == len(normalised.starts) == len(normalised.ends)
    assert list(normalised.starts) == sorted(normalised.starts)
    assert all(
        0 <= start < end <= len(raw)
        for start, end in zip(normalised.starts, normalised.ends, strict=True)
    )


@FIXED
@given(st.text(alphabet="ｱﾎﾟｶﾞあぁＡＢ１２㈱㎡ァー", max_size=30))
def test_agrees_with_nfkc_of_the_whole(raw: str) -> None:
    assert normalise(raw).text == unicodedata.normalize("NFKC", raw).lower()
