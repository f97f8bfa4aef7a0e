"""The OpenAPI document is valid, and real answers keep to it."""

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import validate


@pytest.fixture
def spec(client: FlaskClient) -> dict[str, Any]:
    document: dict[str, Any] = client.get("/api/v1/openapi.json").get_json()
    return document


def check(spec: dict[str, Any], schema: str, answer: object) -> None:
    reference = {"$ref": f"#/components/schemas/{schema}"}
    Draft202012Validator(spec | reference, format_checker=FormatChecker()).validate(answer)


def test_document_is_valid_openapi(spec: dict[str, Any]) -> None:
    validate(spec)


def test_real_answers_keep_to_the_document(demo_app: Flask, spec: dict[str, Any]) -> None:
    client = demo_app.test_client()
    answer = client.get("/api/v1/listings?q=補助金&per_page=100&include_closed=1").get_json()
    assert answer["items"]
    check(spec, "SearchResults", answer)
    check(spec, "Vocabulary", client.get("/api/v1/vocabulary").get_json())
    check(spec, "Agencies", client.get("/api/v1/agencies").get_json())
    check(spec, "Suggestions", client.get("/api/v1/suggest?q=青森").get_json())
    check(spec, "Problem", client.get("/api/v1/listings?kind=gift").get_json())
    for item in answer["items"][:20]:
        check(spec, "Listing", client.get(f"/api/v1/listings/{item['id']}").get_json())


def test_every_route_of_the_api_is_described(app: Flask, spec: dict[str, Any]) -> None:
    routes = {
        rule.rule.removeprefix("/api/v1").replace("<public_id>", "{id}")
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
    }
    assert routes - {"/openapi.json", "/docs"} == set(spec["paths"])


def test_document_holds_no_address_but_the_asked_one(spec: dict[str, Any]) -> None:
    assert "http" not in json.dumps(spec).replace("http://localhost/api/v1", "")
