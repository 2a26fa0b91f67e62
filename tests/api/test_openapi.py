"""The OpenAPI document says all that the API does, and nothing that it does not."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate

from wordmouth.api.surface import METHODS
from wordmouth.api.urls import document

DOCS = Path(__file__).parents[2] / "docs"
CONTRACT = {
    "GET /api/v1/codes/{code}",
    "POST /api/v1/claims",
    "POST /api/v1/advocates",
    "GET /api/v1/advocates",
    "GET /api/v1/advocates/{advocate_id}",
    "GET /api/v1/advocates/{advocate_id}/wallet",
    "PUT /api/v1/orders/{external_id}",
    "GET /api/v1/orders/{external_id}",
    "GET /api/v1/referrals",
    "GET /api/v1/referrals/{referral_id}",
    "POST /api/v1/referrals/{referral_id}/approve",
    "POST /api/v1/referrals/{referral_id}/reject",
    "GET /api/v1/rewards",
    "GET /api/v1/programs/{slug}",
    "PUT /api/v1/programs/{slug}",
}
PUBLIC = {"GET /api/v1/codes/{code}", "POST /api/v1/claims"}


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document()["paths"].items():
        for method in METHODS:
            if method in item:
                yield f"{method.upper()} {path}", item[method]


def test_it_is_valid_openapi_3_1() -> None:
    assert document()["openapi"].startswith("3.1")
    validate(document())


def test_it_has_all_of_the_contract() -> None:
    assert {name for name, _ in operations()} >= CONTRACT


def test_all_but_the_public_operations_need_a_key() -> None:
    assert {name for name, operation in operations() if not operation.get("security")} == PUBLIC
    assert document()["components"]["securitySchemes"]["ApiKey"]["scheme"] == "bearer"


@pytest.mark.parametrize(
    ("name", "operation"), list(operations()), ids=lambda value: str(value)[:60]
)
def test_every_operation_declares_its_problems(name: str, operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    assert {"422", "default"} <= set(responses)
    assert ("401" in responses) == bool(operation.get("security"))
    if "requestBody" in operation:
        assert {"400", "409", "411", "413", "415"} <= set(responses)
    if operation["operationId"].startswith(("get", "approve", "reject")):
        assert "404" in responses
    assert operation["summary"]
    assert operation["description"]
    problems = document()["components"]["responses"]
    for status, response in responses.items():
        if not status.startswith("2"):
            named = problems[response["$ref"].rpartition("/")[2]]
            assert set(named["content"]) == {"application/problem+json"}


def test_writes_take_an_idempotency_key() -> None:
    for name, operation in operations():
        names = {parameter["name"] for parameter in operation.get("parameters", [])}
        assert ("Idempotency-Key" in names) == name.startswith(("POST", "PUT")), name


def test_bodies_have_examples() -> None:
    schemas = document()["components"]["schemas"]
    for name, operation in operations():
        if "requestBody" in operation:
            body = operation["requestBody"]["content"]["application/json"]["schema"]
            assert schemas[body["$ref"].rpartition("/")[2]]["examples"], name


def test_no_reference_leads_nowhere() -> None:
    text = str(document())
    components = document()["components"]
    for kind, name in re.findall(r"#/components/(\w+)/(\w+)", text):
        assert name in components[kind]


def test_every_operation_has_its_heading_in_the_docs() -> None:
    headings = set(re.findall(r"^### `(.+?)`$", (DOCS / "api.md").read_text(), re.MULTILINE))
    told = {re.sub(r"\{\w+\}", "{}", heading) for heading in headings}
    declared = {re.sub(r"\{\w+\}", "{}", name) for name, _ in operations()}
    assert told == declared
