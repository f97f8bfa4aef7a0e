"""Normalised text and the way back to the raw one."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index.analysis.kanji_forms import KANJI_FORMS
from search_index.analysis.normalise import normalise, normalise_text
from tests.search_index.examples import FIXED


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("ＤＸ　Ｒ５", "dx r5"),
        ("㈱ｱｵﾓﾘ （一社）青森 ㍿", "株式会社アオモリ 一般社団法人青森 株式会社"),
        ("駐車場(あり)", "駐車場(あり)"),
        ("ﾎｰﾑﾍﾟｰｼﾞ", "ホームページ"),
        ("がぎ", "がぎ"),
        ("⻘森の⻑芋と⻨、⼈⼿", "青森の長芋と麦、人手"),
        ("ホームペ－ジのデ-タ", "ホームページのデータ"),
        ("東京－青森 a-b 5-1", "東京-青森 a-b 5-1"),
        ("センタ－ サーバ-。メール-電話 データ-1", "センター サーバー。メール-電話 データ-1"),
        ("ラ〜メン ホ一ムペ一ジ 9〜17時", "ラーメン ホームページ 9~17時"),
        ("データ一覧 第一 コロナ一色", "データ一覧 第一 コロナ一色"),
        ("澤田髙﨑の會社經營", "沢田高崎の会社経営"),
        ("鰺ヶ沢 鯵ケ沢 外ｹ浜 霞ガ関", "鯵ケ沢 鯵ケ沢 外ケ浜 霞ケ関"),
        ("六か所 3ヵ月 十カ国", "六ケ所 3ケ月 十ケ国"),
        ("会社が倒産 イカ釣り", "会社が倒産 イカ釣り"),
        ("ヱビスのゐなか", "エビスのいなか"),
        ("こゝろ たゞし がゝ ヽ 人々 人〻", "こころ ただし がか ヽ 人々 人々"),
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
        ("新㈱青森", "株式会社", "㈱"),
        ("新㈱青森", "式会", "㈱"),
        ("新（株）青森", "会社青", "（株）青"),
        ("鰺\U000e0100ヶ沢", "鯵ケ", "鰺\U000e0100ヶ"),
        ("補助\n（株）青森", "式", "（株）"),
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
@given(st.text(alphabet="ｱﾎﾟｶﾞあぁＡＢ１２㎡ァー", max_size=30))
def test_agrees_with_nfkc_of_the_whole(raw: str) -> None:
    assert normalise(raw).text == unicodedata.normalize("NFKC", raw).lower()


@FIXED
@given(st.text(alphabet="ｱカがヶ澤三月-〜一ゝゞ㈱(株)⻑Ｄ1 ー\n", max_size=20))
def test_what_is_normal_stays_as_it_is(raw: str) -> None:
    text = normalise(raw).text
    assert normalise(text).text == text


def test_no_form_of_a_character_leads_to_another() -> None:
    targets = set(KANJI_FORMS.values())
    assert not targets & set(map(chr, KANJI_FORMS))
    assert all(unicodedata.normalize("NFKC", target) == target for target in targets)


@FIXED
@given(raw=st.text() | st.text("がｶﾞ㈱(株)ホ-ムヶ月々ゝ\n⻑澤①A", max_size=12))
def test_text_alone_is_the_same_text(raw: str) -> None:
    assert normalise_text(raw) == normalise(raw).text
