"""Good passwords are long and not guessed; nothing else is asked of them."""

import itertools

import pytest
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from portal.accounts.password_rules import LONGEST, problem_of, words_of_new
from portal.accounts.permissions import Role

COMMON = FREQUENCY_LISTS["passwords"]


def commonest_of_policy_length() -> list[str]:
    """Common passwords that are long enough, and shorter ones as people lengthen them."""
    long_ones = [word for word in COMMON if len(word) >= 12]
    suffixes = ("123", "1234", "2026", "!", "1", "12345")
    lengthened = (
        made
        for word, suffix in itertools.product(COMMON[:700], suffixes)
        for made in (word + suffix, word + word, word + word + suffix)
        if len(made) >= 12
    )
    return list(dict.fromkeys([*long_ones, *lengthened]))[:3_000]


def test_three_thousand_common_ones_are_refused() -> None:
    tried = commonest_of_policy_length()
    assert len(tried) == 3_000
    taken = [word for word in tried if problem_of(word, role=Role.STAFF) is None]
    assert taken == []


@pytest.mark.parametrize(
    "password",
    [
        "aomoriken2026", "Aomori-hojokin-2026!!", "hojokin-portal", "青森県青森県青森県青森県",
        "あおビズサーチ管理者2026",
        "hirosaki-shiyakusho", "パスワードパスワード12", "aobizsearch2026",
        "aaaaaaaaaaaaaaaa", "123456789012345678", "qwertyuiopasdfgh", "abcdefghijklmnop",
        "りんごりんごりんごりんご", "Passw0rd!Passw0rd!", "1qaz2wsx3edc4rfv",
        "令和8年度の補助金の管理者", "                ", "。。。。。。。。。。。。",
    ],
)  # fmt: skip
def test_what_others_would_guess_is_refused(password: str) -> None:
    assert problem_of(password, role=Role.STAFF)


@pytest.mark.parametrize(
    "password",
    [
        "青い海を 渡る風と 白い鳥", "correct horse battery staple", "mothertonguebluesky",
        "浅虫の海と三つの古い椅子", "739105826471", "青森のりんごを毎朝ふたつ食べる犬",
        "ぬかるみ・提灯・水曜・ひばり", "🍎🐟🌊🏔️🎣🚲🦉🕯️🧵🪵🥁🎐🪁🧊", "tR4&zq0!mW9x",
    ],
)  # fmt: skip
def test_passphrases_are_welcome(password: str) -> None:
    assert problem_of(password, role=Role.STAFF) is None


@pytest.mark.parametrize("length", [64, 100, 200, 256])
def test_long_ones_are_welcome(length: int) -> None:
    text = "雪の日に黄色い長靴で歩いた坂道の先で、砂時計を売る店の灯りがともっていた。" * 8
    assert problem_of(text[:length], role=Role.ADMIN) is None
    assert problem_of(("correct horse battery staple " * 12)[:length], role=Role.ADMIN) is None


@pytest.mark.parametrize(
    ("role", "shortest"),
    [(Role.MEMBER, 12), (Role.STAFF, 12), (Role.APPROVER, 12), (Role.ADMIN, 15)],
)
def test_length_is_counted_to_the_character(role: Role, shortest: int) -> None:
    text = "ひばりと砂時計の店の黄色い長靴"
    assert len(text) == 15
    assert problem_of(text[: shortest - 1], role=role)
    assert problem_of(text[:shortest], role=role) is None
    message = problem_of("短い", role=role)
    assert message is not None
    assert f"{shortest}文字以上" in message
    assert "いまは2文字" in message


def test_more_than_256_is_refused_and_said() -> None:
    assert "256文字以内" in str(problem_of("あ" * (LONGEST + 1), role=Role.STAFF))


def test_name_address_and_agency_of_the_owner_are_known() -> None:
    words = words_of_new("satou.hanako@town.example.jp", "佐藤花子", "見本町商工観光課")
    for password in ("satou.hanako2026", "hanako-satou-town", "佐藤花子と見本町商工観光課"):
        assert problem_of(password, role=Role.STAFF, context=words), password
    assert problem_of("satouの砂時計と黄色い長靴", role=Role.STAFF, context=words) is None
