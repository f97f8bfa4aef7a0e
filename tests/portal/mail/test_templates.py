"""Each mail says the same in plain text and in HTML, and what people typed stays text."""

from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from jinja2 import ChoiceLoader, DictLoader, UndefinedError

from portal.config import CHECKOUT
from portal.mail import templates
from portal.mail.services import Mail

MAILS = sorted(path.stem for path in (CHECKOUT / "templates" / "mail").glob("*.html"))

TEMPLATES = {
    "mail/hello.txt": (
        "{% extends 'mail/base.txt' %}{% block content %}\n{{ name }} 様\n{% endblock %}"
    ),
    "mail/hello.html": (
        "{% extends 'mail/base.html' %}{% block content %}<p>{{ name }} 様</p>{% endblock %}"
    ),
}


@pytest.fixture
def compose(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Mail]:
    """Composes a mail of a template that says hello."""
    shipped = templates._environment.loader
    assert shipped is not None
    both = ChoiceLoader([DictLoader(TEMPLATES), shipped])
    monkeypatch.setattr(templates._environment, "loader", both)

    def compose_hello(**values: str) -> Mail:
        return templates.compose(
            "hello",
            to="owner@shop.example.jp",
            subject="ご招待",
            portal_name="あおビズサーチ",
            base_url="https://portal.example.jp",
            values=values,
        )

    return compose_hello


def test_both_forms_name_the_portal_and_link_to_it(compose: Callable[..., Mail]) -> None:
    mail = compose(name="青森商店")
    assert (mail.to, mail.subject) == ("owner@shop.example.jp", "【あおビズサーチ】ご招待")
    dom = BeautifulSoup(mail.html, "html.parser")
    assert dom.html is not None
    assert dom.html["lang"] == "ja"
    assert [heading.text for heading in dom.select("h1")] == ["ご招待"]
    assert [link["href"] for link in dom.select("a")] == ["https://portal.example.jp/"]
    for text in (mail.text, dom.text):
        assert "青森商店 様" in text
        assert "あおビズサーチ" in text
    assert "https://portal.example.jp/" in mail.text


def test_what_people_typed_is_no_markup(compose: Callable[..., Mail]) -> None:
    name = "<b>山田</b> & {{ base_url }}"
    mail = compose(name=name)
    assert f"{name} 様" in mail.text
    assert not BeautifulSoup(mail.html, "html.parser").select("b")
    assert f"{name} 様" in BeautifulSoup(mail.html, "html.parser").text


def test_missing_value_is_an_error_and_not_a_gap(compose: Callable[..., Mail]) -> None:
    with pytest.raises(UndefinedError, match="name"):
        compose()


@pytest.mark.parametrize("name", MAILS)
def test_every_mail_has_both_forms(name: str) -> None:
    for kind in ("txt", "html"):
        path = Path("mail") / f"{name}.{kind}"
        assert (CHECKOUT / "templates" / path).is_file()
        templates._environment.get_template(str(path))


@pytest.mark.parametrize("name", MAILS)
def test_no_mail_loads_anything_from_anywhere(name: str) -> None:
    source = (CHECKOUT / "templates" / "mail" / f"{name}.html").read_text("utf-8")
    dom = BeautifulSoup(source, "html.parser")
    assert dom.select("img, link, script, iframe, [src], [background]") == []
