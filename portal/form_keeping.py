"""Forms that are kept through signing in again: which, and how they are given back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flask import Flask, current_app, g, request
from werkzeug.exceptions import HTTPException
from wtforms import Form

from portal import told_form
from portal.accounts import kept_form
from portal.extensions import resources
from portal.identity import identity
from portal.told_form import Called, Fields, ToldField

View = TypeVar("View", bound=Callable[..., object])

_KEPT_AS = "_kept_as"


@dataclass(frozen=True, slots=True)
class KeptAs:
    """The form that a view reads, and what the codes in it are called just now."""

    form: type[Form]
    called: Callable[[], Called]
    is_public: bool
    """Whether it is for everybody: then nobody has to sign in to get it back."""


@dataclass(frozen=True, slots=True)
class GivenForm:
    """A form that somebody may send after all: where to, its fields, and how they are told."""

    path: str
    fields: Fields
    told: tuple[ToldField, ...]
    has_lost_files: bool
    has_lost_password: bool


def keeps(
    form: type[Form], *, called: Callable[[], Called] = dict, is_public: bool = False
) -> Callable[[View], View]:
    """What is typed into the form of this view is kept when the session ends meanwhile. Views
    without it read nothing that takes time to type, or only what must not be kept.

    :param called: what the codes in it are called, by field; asked when the form is given back.
    :param is_public: of forms for everybody, which are given back to whoever sent them.
    """

    def mark(view: View) -> View:
        setattr(view, _KEPT_AS, KeptAs(form, called, is_public))
        return view

    return mark


def kept_as(app: Flask, endpoint: str) -> KeptAs | None:
    """What a view declares; None if nothing of it is kept."""
    found: KeptAs | None = getattr(app.view_functions[endpoint], _KEPT_AS, None)
    return found


def seal_form() -> str | None:
    """The form of this request; None if it holds nothing typed, or nothing that is kept."""
    declared = kept_as(current_app, request.endpoint) if request.endpoint else None
    if declared is None:
        return None
    fields = told_form.sendable(declared.form, request.form.items(multi=True))
    if not told_form.is_typed(declared.form, fields):
        return None
    asker, held = identity(), resources()
    return kept_form.keep(
        request.path,
        fields,
        user_id=asker.session.user_id if asker.session else asker.ended_user_id,
        has_files=any(file.filename for file in request.files.values()),
        box=held.secret_key.box(kept_form.BOX),
        now=held.clock.now(),
    )


def sealed_form() -> str | None:
    """A form that is kept through the steps of signing in, if there is one."""
    sealed: str | None = g.get("sealed_form") or request.form.get("kept")
    return sealed


def give_back(sealed: str | None) -> GivenForm | None:
    """A form kept by this portal for the user who is signed in by now."""
    row, held = identity().session, resources()
    kept = kept_form.give_back(
        sealed or "",
        user_id=row.user_id if row else None,
        box=held.secret_key.box(kept_form.BOX),
        now=held.clock.now(),
    )
    declared = _of_path(kept.path) if kept else None
    if kept is None or declared is None:
        return None
    fields = told_form.sendable(declared.form, kept.fields)
    return GivenForm(
        path=kept.path,
        fields=fields,
        told=told_form.tell(declared.form, fields, declared.called()),
        has_lost_files=kept.has_lost_files,
        has_lost_password=told_form.has_password(declared.form),
    )


def _of_path(path: str) -> KeptAs | None:
    adapter = current_app.create_url_adapter(request)
    try:
        endpoint, _ = adapter.match(path, method="POST") if adapter else ("", {})
    except HTTPException:
        # Kept by an older version of the portal, which had such a page.
        return None
    return kept_as(current_app, endpoint) if endpoint else None
