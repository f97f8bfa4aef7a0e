"""What every template can use."""

from dataclasses import dataclass

from flask import Flask

from portal import assets
from portal.extensions import resources, site_notices
from portal.formats import full_day, grouped


@dataclass(frozen=True, slots=True)
class Site:
    """What the pages call the portal and who runs it."""

    name: str
    prefecture: str


def init_app(app: Flask) -> None:
    """Register filters and globals of the templates."""
    assets.init_app(app)
    app.add_template_filter(full_day, "full_day")
    app.add_template_filter(grouped, "grouped")
    app.add_template_global(site_notices, "site_notices")

    @app.context_processor
    def add_site() -> dict[str, Site]:
        vocabulary = resources().shipped_vocabulary
        return {"site": Site(vocabulary.portal_name, vocabulary.prefecture)}
