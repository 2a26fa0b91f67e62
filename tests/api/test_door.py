"""What every request passes, whatever the operation."""

import json

import pytest
from django.db import OperationalError

from tests.api.world import Api, World
from wordmouth.api import views_advocates
from wordmouth.api.reading import MAX_BODY
from wordmouth.stores import services as stores

SECRET = "the-secret-inside-of-us"


def test_an_unknown_address_is_a_problem(world: World) -> None:
    for path in ("nothing", "advocates/", "advocates/x/y", "", "codes/"):
        answer = world.api.get(path)
        assert (answer.status, answer.data["code"]) == (404, "unknown_address"), path


def test_outside_of_v1_it_is_a_problem_too(world: World) -> None:
    for path in ("/api", "/api/", "/api/v1", "/api/v2/advocates"):
        response = world.api.client.get(path)
        assert response.status_code == 404, path
        assert response.headers["Content-Type"] == "application/problem+json", path


def test_another_method_says_which_are_allowed(api: Api) -> None:
    answer = api.call("DELETE", "advocates")
    assert (answer.status, answer.data["code"]) == (405, "method_not_allowed")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "POST", "HEAD", "OPTIONS"}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"authorization": "Bearer"},
        {"authorization": "Bearer wm_live_x"},
        {"authorization": "Bearer wm_live_" + "a" * 43},
        {"authorization": "Basic d206bGl2ZQ=="},
        {"authorization": "Bearer wm_live_" + "\u00e4" * 43},
        {"authorization": "Bearer " + "a" * 5000},
    ],
)
def test_without_a_live_key_it_is_401(world: World, given: dict[str, str]) -> None:
    answer = world.public.call("GET", "advocates", **given)
    assert (answer.status, answer.data["code"]) == (401, "unauthorized")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_test_key_opens_the_store(world: World) -> None:
    assert Api(stores.new_api_key(world.store_id, "try", "test")).get("advocates").status == 200


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{", "line 1, column 2"),
        (b'{"email": "a@b.example",}', "column"),
        (b"\xff\xfe", "UTF-8"),
        (b'{"email": "a@b.example", "email": "c@d.example"}', "given twice"),
        (b'{"email": NaN}', "NaN"),
        (b'{"email": "a\\u0000@b.example"}', "NUL"),
        (b"[" * 100_000, "too deep"),
        (b'{"email":' + b"[" * 40 + b"]" * 40 + b"}", "levels"),
        (b'{"email": ' + b"1" * 5000 + b"}", "too long"),
    ],
)
def test_what_is_not_json_says_where(api: Api, body: bytes, said: str) -> None:
    answer = api.post("advocates", body)
    assert (answer.status, answer.data["code"]) == (400, "malformed_body")
    assert said in answer.data["detail"]


def test_a_body_over_the_limit_is_413_and_at_the_limit_it_is_read(api: Api) -> None:
    answer = api.post("advocates", b"x" * (MAX_BODY + 1))
    assert (answer.status, answer.data["code"]) == (413, "too_large")
    assert api.post("advocates", b"x" * MAX_BODY).data["code"] == "malformed_body"


def test_a_body_in_chunks_needs_a_length(api: Api) -> None:
    answer = api.call("POST", "advocates", None, transfer_encoding="chunked")
    assert (answer.status, answer.data["code"]) == (411, "length_required")


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_another_media_type_is_415(api: Api, media: str) -> None:
    answer = api.call("POST", "advocates", {"email": "a@b.example"}, media=media)
    assert (answer.status, answer.data["code"]) == (415, "unsupported_media_type")
    assert "application/json" in answer.data["detail"]


def test_a_charset_beside_the_media_type_is_fine(api: Api) -> None:
    answer = api.call(
        "POST", "advocates", {"email": "a@b.example"}, media="application/json; charset=utf-8"
    )
    assert answer.status == 200


def test_no_body_at_all_is_422(api: Api) -> None:
    answer = api.call("POST", "advocates", None, media="")
    assert (answer.status, answer.data["code"]) == (422, "invalid")
    assert answer.data["errors"] == [{"path": "body", "message": "is missing"}]


def test_every_broken_rule_is_listed_with_its_path(api: Api) -> None:
    answer = api.post(
        "advocates",
        {"emial": "a@b.example", "email": "no at sign", "first_name": 3, "locale": "x" * 40},
    )
    assert (answer.status, answer.data["code"]) == (422, "invalid")
    messages = {error["path"]: error["message"] for error in answer.data["errors"]}
    assert set(messages) == {"emial", "email", "first_name", "locale"}
    assert "did you mean email?" in messages["emial"]
    assert "not an e-mail address" in messages["email"]
    assert messages["first_name"] == "takes a text"


def test_a_body_that_is_no_object_is_422(api: Api) -> None:
    for body in (b"[]", b'"text"', b"null", b"7"):
        answer = api.post("advocates", body)
        assert (answer.status, answer.data["code"]) == (422, "invalid"), body


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("limit=0", "query.limit"),
        ("limit=101", "query.limit"),
        ("limit=ten", "query.limit"),
        ("limit=", "query.limit"),
        ("limit=99999999999999999999999", "query.limit"),
        ("starting_after=ord_x", "query.starting_after"),
        ("starting_after=adv_" + "x" * 80, "query.starting_after"),
        ("starting_after=a%00b", "query.starting_after"),
        ("limti=3", "query.limti"),
    ],
)
def test_bad_query_parameters_are_422(api: Api, query: str, path: str) -> None:
    answer = api.get(f"advocates?{query}")
    assert answer.status == 422
    assert [error["path"] for error in answer.data["errors"]] == [path]


def test_an_unknown_query_parameter_names_the_likely_one(api: Api) -> None:
    assert "did you mean status?" in api.get("referrals?statsu=pending").data["detail"]


def test_nul_in_an_address_is_404(api: Api) -> None:
    for path in ("advocates/a%00b", "orders/a%00b", "programs/%00"):
        assert api.get(path).status == 404


def test_a_fault_of_ours_tells_nothing_of_our_inside(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(views_advocates, "page", broken)
    answer = api.get("advocates")
    assert (answer.status, answer.data["code"]) == (500, "internal_error")
    assert SECRET not in answer.text


def test_a_database_that_does_not_answer_is_503(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise OperationalError(SECRET)

    monkeypatch.setattr(views_advocates, "page", broken)
    answer = api.get("advocates")
    assert (answer.status, answer.data["code"]) == (503, "unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    assert SECRET not in answer.text


def test_the_caller_may_name_the_request(api: Api) -> None:
    assert api.get("advocates", x_request_id="my-7").headers["X-Request-Id"] == "my-7"
    ours = api.get("advocates", x_request_id="a b\u00e4").headers["X-Request-Id"]
    assert ours.startswith("req_")


def test_head_is_get_without_the_body(world: World) -> None:
    got = world.api.get("advocates")
    head = world.api.call("HEAD", "advocates")
    assert (head.status, head.text) == (200, "")
    assert head.headers["Content-Length"] == str(len(got.text.encode()))


def test_private_answers_are_not_kept_and_not_open_to_other_origins(world: World) -> None:
    answer = world.api.get("advocates", origin="https://elsewhere.example")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Access-Control-Allow-Origin" not in world.api.call("OPTIONS", "advocates").headers


def test_public_operations_are_open_to_any_origin_without_cookies(world: World) -> None:
    preflight = world.public.call("OPTIONS", "claims", origin="https://shop.example")
    assert preflight.status == 204
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in preflight.headers["Access-Control-Allow-Headers"]
    refused = world.public.post("claims", {}, origin="https://shop.example")
    assert refused.status == 422
    assert refused.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in refused.headers


def test_reasons_follow_the_language_of_the_caller(world: World) -> None:
    answer = world.api.get("advocates", accept_language="en-GB,en;q=0.5")
    assert answer.headers["Content-Language"].startswith("en")


def test_the_openapi_document_is_public_and_cached(world: World) -> None:
    first = world.public.get("openapi.json")
    assert json.loads(first.text)["openapi"].startswith("3.1")
    again = world.public.get("openapi.json", if_none_match=first.headers["ETag"])
    assert (again.status, again.text) == (304, "")
    assert world.public.call("POST", "openapi.json", {}).status == 405
