"""``/api/v1``: what the pages show, for programs. Public, read only, open to any origin."""

import time
from collections.abc import Mapping

from flask import Blueprint, Response, jsonify, render_template, request, url_for

from portal import error_pages
from portal.agencies import queries as agency_queries
from portal.api import openapi, payloads
from portal.attachments import queries as attachment_queries
from portal.extensions import (
    absolute,
    base_url,
    current_vocabulary,
    db_session,
    find,
    resources,
    today,
)
from portal.listings import queries, relation_queries
from portal.listings.models import public_version
from portal.search import addresses, completions, refusals
from portal.search import params as search_params

_FIXED_FACETS = tuple(name for name in search_params.FACET_PARAMS if name != "agency")

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@blueprint.after_request
def allow_any_origin(response: Response) -> Response:
    """Everything here is public and asks for no cookie, so any site may read it."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@blueprint.get("/listings")
def search() -> Response | tuple[Response, int]:
    """Search results with facets; the parameters are those of ``/search``."""
    started = time.perf_counter()
    agency_names = agency_queries.known_codes(db_session())
    params = search_params.parse(
        request.args, vocabulary=current_vocabulary(), agency_codes=agency_names
    )
    errors = refusals.of_params(params)
    if errors:
        return error_pages.problem(422, "検索の条件に使えない値があります", errors)
    return jsonify(
        payloads.search_payload(
            find(params),
            labels=_labels(agency_names),
            base_url=base_url(),
            today=today(),
            ms=(time.perf_counter() - started) * 1000,
        )
    )


def _labels(agencies: Mapping[str, str]) -> dict[str, Mapping[str, str]]:
    words = current_vocabulary()
    return {name: words.search_values(name) for name in _FIXED_FACETS} | {"agency": agencies}


@blueprint.get("/listings/<public_id>")
def listing(public_id: str) -> Response:
    """All public fields of one listing."""
    found = queries.get_public(db_session(), public_id)
    version = public_version(found)
    files = attachment_queries.open_files(version)
    relations = relation_queries.list_shown(db_session(), version)
    return jsonify(payloads.detail(found, files, relations, base_url=base_url(), today=today()))


@blueprint.get("/suggest")
def suggest() -> Response | tuple[Response, int]:
    """Completions of a text that is still being typed."""
    text, problems = search_params.read_text(request.args.get("q", ""))
    errors = refusals.of_problems(problems)
    if errors:
        return error_pages.problem(422, "検索のことばが長すぎます", errors)
    held = resources()
    found = completions.complete(db_session(), held.index, text, vocabulary=current_vocabulary())
    return jsonify(
        [
            {"text": item.text, "kind": item.kind, "url": absolute(addresses.of_completion(item))}
            for item in found
        ]
    )


@blueprint.get("/vocabulary")
def vocabulary() -> Response:
    """The codes a search may use, with their labels."""
    words = current_vocabulary()
    return jsonify(
        {
            name: [{"value": c, "label": label} for c, label in words.search_values(name).items()]
            for name in _FIXED_FACETS
        }
    )


@blueprint.get("/agencies")
def agencies() -> Response:
    """All agencies and how many listings each leads now."""
    counts = queries.count_published_by_agency(db_session())
    return jsonify(
        {
            "items": [
                {
                    "code": agency.code,
                    "name": agency.name,
                    "level": agency.level,
                    "region": agency.region_code,
                    "listings": counts.get(agency.id, 0),
                    "url": absolute(url_for("agencies.show", code=agency.code)),
                }
                for agency in agency_queries.list_agencies(db_session())
            ]
        }
    )


@blueprint.get("/openapi.json")
def openapi_document() -> Response:
    """The OpenAPI 3.1 description of all this."""
    return jsonify(openapi.document(_operations(), title=_title(), base_url=base_url()))


@blueprint.get("/docs")
def docs() -> str:
    """The same description as a page."""
    return render_template("api/docs.html", operations=_operations())


def _operations() -> tuple[openapi.Operation, ...]:
    return openapi.operations(current_vocabulary(), agency_queries.known_codes(db_session()))


def _title() -> str:
    return f"{resources().shipped_vocabulary.portal_name} API"
