"""Which texts are one mail address."""

import pytest

from portal.mail_address import LONGEST_ADDRESS, is_mail_address

UNUSUAL = (
    *("owner@shop.example.jp", "A.B+c_d-e@EXAMPLE.jp", "a@localhost"),
    *("two..dots@docomo.example.jp", "dot.@docomo.example.jp", "!#$%&'*/?=^`{|}~@example.jp"),
)


@pytest.mark.parametrize("text", UNUSUAL)
def test_one_address_is_taken(text: str) -> None:
    assert is_mail_address(text)


@pytest.mark.parametrize(
    "text",
    [
        *("a@example.jp,b@example.jp", "a@example.jp;b@example.jp", "a@example.jp b@example.jp"),
        *("A <a@example.jp>", "<a@example.jp>", '"a b"@example.jp', "a@b@example.jp"),
        *("", "@example.jp", "a", "a@", "a@-example.jp", "a@example..jp", "a@example.jp."),
        *("=?utf-8?q?x?=@example.jp", "=?x?q?=40example.com=3ecollab?=foo@example.jp"),
        *(
            "青森@example.jp",
            "a@青森.jp",
            "ａ@example.jp",
            "a@[127.0.0.1]",
            "a@example.jp>\r\nDATA",
        ),
        *("a@example.jp\n", "\na@example.jp", "a@example.jp\0", "a@exa\u2028mple.jp"),
        *("a" * 65 + "@example.jp", "a@" + "b" * 64 + ".jp", "a@" + "b." * 130 + "jp"),
        "a@" + "b." * ((LONGEST_ADDRESS - 2) // 2) + "jp",
    ],
)
def test_none_or_several_are_not(text: str) -> None:
    assert not is_mail_address(text)


def test_long_text_is_answered_at_once() -> None:
    assert not is_mail_address("a" * 1_000_000)
    assert not is_mail_address("a@" + "a-" * 120 + "!")
