"""The OpenAPI 3.1 description of ``/api/v1``, made from the vocabulary that validates requests.

``tests/portal/api/test_openapi.py`` holds real answers to it, so it cannot drift.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from portal.api.payloads import Json
from portal.api.schemas import SCHEMAS
from portal.listings.vocabulary import Vocabulary
from portal.search.params import (
    DEFAULT_PAGE_SIZE,
    FACET_PARAMS,
    MAX_PAGE,
    MAX_TEXT,
    PAGE_SIZES,
)
from search_index import Sort

_FACET_TEXTS = {
    "industry": "業種（日本標準産業分類の大分類）。全業種向けの支援はどれにも当てはまります。",
    "region": "地域。市町村はそこで使える支援、圏域はその中のどこかで使える支援、"
    "pref は県内全域で使える支援。",
    "purpose": "目的。",
    "kind": "支援の種類。",
    "level": "実施主体。",
    "agency": "実施機関のコード。",
    "status": "募集状況。問い合わせの時点の日本の日付で決まります。open は closing を含みます。",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an operation; ``schema`` is JSON Schema."""

    name: str
    description: str
    schema: dict[str, Json]
    where: str = "query"
    allowed: tuple[str, ...] = ()
    """The values it takes, where they are few enough to be listed."""

    def to_json(self) -> Json:
        """As OpenAPI writes it."""
        return {
            "name": self.name,
            "in": self.where,
            "required": self.where == "path",
            "description": self.description,
            "schema": self.schema,
        }


@dataclass(frozen=True, slots=True)
class Operation:
    """One address of the API; ``schema`` names its answer, ``errors`` are statuses."""

    path: str
    operation_id: str
    summary: str
    schema: str
    parameters: tuple[Parameter, ...] = ()
    errors: tuple[int, ...] = ()

    def to_json(self) -> Json:
        """As OpenAPI writes it."""
        responses: dict[str, Json] = {
            "200": {"description": "OK", "content": _content("application/json", self.schema)}
        }
        for status in self.errors:
            problem = _content("application/problem+json", "Problem")
            responses[str(status)] = {"description": "Problem", "content": problem}
        return {
            "get": {
                "operationId": self.operation_id,
                "summary": self.summary,
                "parameters": [parameter.to_json() for parameter in self.parameters],
                "responses": responses,
            }
        }


def _content(media_type: str, schema: str) -> Json:
    return {media_type: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}


def operations(vocabulary: Vocabulary, agency_codes: Collection[str]) -> tuple[Operation, ...]:
    """Everything the API answers."""
    listing_id = Parameter(
        "id",
        "支援情報の番号。例 L000123",
        {"type": "string", "pattern": "^L[0-9]{6,9}$"},
        where="path",
    )
    search = _search_parameters(vocabulary, agency_codes)
    return (
        Operation("/listings", "search", "支援情報を探す", "SearchResults", search, (422,)),
        Operation(
            "/listings/{id}", "getListing", "1件の内容", "Listing", (listing_id,), (404, 410)
        ),
        Operation(
            "/suggest",
            "suggest",
            "入力中のことばの候補（10件まで）",
            "Suggestions",
            (
                Parameter(
                    "q",
                    "入力中のことば。空なら候補もありません。",
                    {"type": "string", "maxLength": MAX_TEXT},
                ),
            ),
            (422,),
        ),
        Operation("/vocabulary", "getVocabulary", "検索に使えるコードと表示名", "Vocabulary"),
        Operation("/agencies", "getAgencies", "実施機関の一覧", "Agencies"),
    )


def document(described: Iterable[Operation], *, title: str, base_url: str) -> dict[str, Json]:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": "1",
            "description": "中小企業向け支援情報の検索。読み取りだけで、鍵は要りません。",
        },
        "servers": [{"url": f"{base_url}/api/v1"}],
        "paths": {operation.path: operation.to_json() for operation in described},
        "components": {"schemas": SCHEMAS},
    }


def _search_parameters(
    vocabulary: Vocabulary, agency_codes: Collection[str]
) -> tuple[Parameter, ...]:
    text = '検索のことば。空白で区切るとすべてを含む、"…" はそのまま続けて含む、-語 は除く。'
    flag: dict[str, Json] = {"type": "string", "enum": ["0", "1"]}
    orders = tuple(sort.value for sort in Sort)
    return (
        Parameter("q", text, {"type": "string", "maxLength": MAX_TEXT}),
        *(_facet_parameter(name, vocabulary, agency_codes) for name in FACET_PARAMS),
        Parameter("include_closed", "1 で、終了した支援も含めます。", flag),
        Parameter("local_only", "1 で、region の地域のための支援だけにします。", flag),
        Parameter("amount_min", "上限額がこの円以上。", {"type": "integer", "minimum": 0}),
        Parameter(
            "sort",
            "並べ方。何もなければ、q があるとき relevance、ないとき new。",
            {"type": "string", "enum": orders},
            allowed=orders,
        ),
        Parameter(
            "page",
            "ページ。最後のページより先は空です。",
            {"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": 1},
        ),
        Parameter(
            "per_page",
            "1ページの件数。",
            {"type": "integer", "enum": [*PAGE_SIZES], "default": DEFAULT_PAGE_SIZE},
        ),
    )


def _facet_parameter(name: str, vocabulary: Vocabulary, agency_codes: Collection[str]) -> Parameter:
    codes = tuple(agency_codes if name == "agency" else vocabulary.search_values(name))
    values: dict[str, Json] = {"type": "string", "enum": codes}
    text = f"{_FACET_TEXTS[name]}繰り返すと、どれかに当てはまるものになります。"
    return Parameter(name, text, {"type": "array", "items": values}, allowed=codes)
