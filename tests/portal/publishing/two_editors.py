"""Two people who write one listing, in any order of steps, and what has to come of each step.

What is expected is worked out here from the steps alone: a list of what was saved, and what each
of the two has before them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import permutations
from random import Random

from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.accounts.permissions import Role
from portal.listings.field_words import FIELD_LABELS
from portal.listings.models import Listing, ListingVersion, listing_id_of
from tests.accounts import Visitor, signed_in
from tests.acts.listings import PATH, WHOLE
from tests.conftest import resources_of
from tests.racing import race

Texts = dict[str, str]
FIELDS = ("summary", "eligibility", "rate", "department")
STEPS = 7


@dataclass(slots=True)
class Editor:
    """One of the two: what is in the form, and which version its page began from."""

    visitor: Visitor
    token: str
    texts: Texts = field(default_factory=dict)
    seen: int = 0
    began: int = 0
    """Of a page that shows both texts: the version it was begun from before."""
    has_both: bool = False


def two_editors(app: Flask) -> tuple[Editor, Editor]:
    """Colleagues, signed in."""
    names = ("佐藤 はな", "工藤 りん")
    visitors = [
        signed_in(app, f"clerk-{number}@city.example.jp", role=Role.STAFF, name=name)
        for number, name in enumerate(names)
    ]
    first, second = (Editor(visitor, visitor.token()) for visitor in visitors)
    return first, second


class Story:
    """One listing, written by the two in steps that chance chooses."""

    def __init__(self, app: Flask, editors: Sequence[Editor], seed: int) -> None:
        self._app, self._editors = app, editors
        self._chance = Random(seed)  # noqa: S311  (to be played again)
        self._words = self._oldest_told = 0
        made = editors[0].visitor.send(
            f"{PATH}/new", token=editors[0].token, **WHOLE, action="save"
        )
        self._public_id = made.location.split("/")[-2]
        self._address = f"{PATH}/{self._public_id}/edit"
        self._saved = self._versions()
        for editor in editors:
            self._open(editor)

    def go(self) -> None:
        """All steps, each held to what has to come of it."""
        for _ in range(STEPS):
            editor = self._chance.choice(self._editors)
            if self._chance.random() < 0.15:
                self._save_at_once()
            elif self._chance.random() < 0.3:
                self._open(editor)
            elif editor.has_both and self._chance.random() < 0.5:
                self._merge(editor)
            else:
                self._type(editor)
                self._save(editor)
        assert self._versions() == self._saved

    def _type(self, editor: Editor) -> None:
        for name in self._chance.sample(FIELDS, self._chance.randint(0, 2)):
            self._words += 1
            editor.texts = editor.texts | {name: f"{name}{self._words}"}

    def _open(self, editor: Editor) -> None:
        """Begin from what is saved, whatever was typed before."""
        answer = editor.visitor.open(f"{self._address}?saved=1")
        assert answer.status_code == 200
        assert _hidden(answer, "version") == str(len(self._saved))
        editor.texts, editor.seen, editor.has_both = self._saved[-1], len(self._saved), False

    def _save(self, editor: Editor) -> None:
        self._oldest_told = len(self._saved)
        self._hold_to(editor, self._send(editor), self._saves(editor))

    def _save_at_once(self) -> None:
        """Both send what they have while somebody else keeps the listing."""
        for editor in self._editors:
            self._type(editor)
        held, before = resources_of(self._app), list(self._saved)
        self._oldest_told = len(before)
        answers = race(
            held.sessions, [partial(self._send, editor) for editor in self._editors],
            until=self._hold,
        )  # fmt: skip
        for order in permutations(zip(self._editors, answers, strict=True)):
            self._saved = list(before)
            is_saved = [self._saves(editor) for editor, _ in order]
            statuses = [303 if saved else 409 for saved in is_saved]
            if statuses == [answer.status_code for _, answer in order]:
                break
        else:
            raise AssertionError(f"no order of the two leads to {answers}")
        for (editor, answer), saved in zip(order, is_saved, strict=True):
            self._hold_to(editor, answer, saved)

    def _saves(self, editor: Editor) -> bool:
        """Whether what somebody sends is taken, which makes a version if it says something new."""
        if editor.texts == self._saved[-1]:
            return True
        if editor.seen != len(self._saved):
            return False
        self._saved.append(editor.texts)
        return True

    def _hold_to(self, editor: Editor, answer: TestResponse, is_saved: bool) -> None:
        if is_saved:
            assert answer.status_code == 303
            own = [n for n, saved in enumerate(self._saved, 1) if saved == editor.texts]
            editor.seen, editor.has_both = own[-1], False
            return
        assert answer.status_code == 409
        # Of two at once, the other may have been saved before this page was made, or after.
        told = int(_hidden(answer, "version"))
        assert self._oldest_told <= told <= len(self._saved)
        theirs = self._saved[told - 1]
        assert _both_texts(answer) == {
            FIELD_LABELS[name]: (theirs[name], editor.texts[name])
            for name in FIELDS
            if editor.texts[name] != theirs[name]
        }
        assert _typed(answer) == editor.texts
        assert _hidden(answer, "began") == str(editor.seen)
        editor.began, editor.seen, editor.has_both = editor.seen, told, True

    def _merge(self, editor: Editor) -> None:
        """Take over what the other saved where one has changed nothing oneself."""
        answer = self._send(editor, action="merge")
        assert answer.status_code == 200
        before, now = self._saved[editor.began - 1], self._saved[-1]
        editor.texts = {
            name: now[name] if text == before[name] else text for name, text in editor.texts.items()
        }
        assert _typed(answer) == editor.texts
        editor.seen, editor.has_both = len(self._saved), False
        assert _hidden(answer, "version") == str(editor.seen)

    def _send(self, editor: Editor, action: str = "save") -> TestResponse:
        began = str(editor.began) if editor.has_both else ""
        fields = WHOLE | editor.texts | {"version": str(editor.seen), "began": began}
        return editor.visitor.send(self._address, token=editor.token, action=action, **fields)

    def _versions(self) -> list[Texts]:
        """What every version says, the oldest first."""
        wanted = select(ListingVersion).where(
            ListingVersion.listing_id == listing_id_of(self._public_id)
        )
        with resources_of(self._app).sessions() as session:
            rows = session.scalars(wanted.order_by(ListingVersion.number))
            return [{name: getattr(row, name) or "" for name in FIELDS} for row in rows]

    def _hold(self, session: Session) -> None:
        session.get(Listing, listing_id_of(self._public_id), with_for_update=True)


def _hidden(answer: TestResponse, name: str) -> str:
    """The value of the hidden field of the editor."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)">', answer.text)
    assert found
    return found.group(1)


def _typed(answer: TestResponse) -> Texts:
    """What is in the form."""
    found: Texts = {}
    for name in FIELDS:
        line = rf'id="{name}" name="{name}" value="([^"]*)"'
        lines = rf'id="{name}" name="{name}"[^>]*>\n([^<]*)</textarea>'
        match = re.search(line, answer.text) or re.search(lines, answer.text)
        assert match
        found[name] = match.group(1)
    return found


def _both_texts(answer: TestResponse) -> dict[str, tuple[str, str]]:
    """What is shown to be saved and to be typed, by the label of the field."""
    # Only this part is read as a page: all of it would take longer than to answer it.
    _, mark, rest = answer.text.partition("data-others>")
    assert mark
    shown = BeautifulSoup(rest.partition("</section>")[0], "html.parser")
    found = {}
    for row in shown.select(".others__field"):
        saved, typed = (part.get_text().replace("（空）", "").strip() for part in row.select("dd"))
        found[str(row.h3.find(string=True)).strip()] = (saved, typed)
    return found
