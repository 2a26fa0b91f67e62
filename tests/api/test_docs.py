"""What the documents say of the API is so: the examples run, and every error code is explained."""

import importlib
import json
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import wordmouth
from tests.api.docs_page import examples, request_of, shape_of
from tests.api.world import NOW, PROBLEM, Api
from wordmouth.api import limits
from wordmouth.kit import clock
from wordmouth.kit.errors import WordmouthError
from wordmouth.project.settle import settle_store
from wordmouth.stores import services as stores

ERRORS = Path(__file__).parents[2] / "docs" / "errors.md"
SITE = "http://127.0.0.1:8000"


def test_the_examples_of_the_api_run_and_answer_as_shown(db: None) -> None:
    for limit in limits.ALL:
        limit.reset()
    with clock.using(clock.SetClock(NOW)):
        made = stores.create_store("Tea shop")
        variables = {"SITE": SITE, "KEY": made.api_key}
        shown = examples()
        assert len(shown) == 19
        for example in shown:
            request = request_of(example.call, variables)
            response = Api().client.generic(
                request.method,
                request.path.removeprefix(SITE),
                request.body or "",
                content_type=request.headers.pop("Content-Type", ""),
                headers=request.headers,
            )
            assert response.status_code in (200, 202), (example.call, response.content)
            answer = response.json()
            assert shape_of(answer) == shape_of(json.loads(example.answer)), example.operation
            learn(variables, example.operation, answer)
            settle_store(made.store.id)


def learn(variables: dict[str, str], operation: str, answer: dict[str, object]) -> None:
    """What the reader would copy out of an answer for the next call."""
    told = json.loads(json.dumps(answer))
    if operation == "POST /api/v1/advocates":
        variables |= {"ADVOCATE": told["id"], "CODE": told["code"]}
    elif operation == "POST /api/v1/claims":
        variables["COUPON"] = told["coupon"]["code"]
    elif operation.startswith("PUT /api/v1/orders"):
        variables["DELIVERY"] = told["delivery"]
    elif operation == "GET /api/v1/referrals":
        variables["REFERRAL"] = told["data"][0]["id"]


def errors() -> Iterator[type[WordmouthError]]:
    """Every error of the engine that has a code of its own."""
    for module in pkgutil.walk_packages(wordmouth.__path__, "wordmouth."):
        if not re.search(r"\.(tests|migrations|__main__)\b", module.name):
            importlib.import_module(module.name)
    yield from _below(WordmouthError)


def _below(kind: type[WordmouthError]) -> Iterator[type[WordmouthError]]:
    for found in kind.__subclasses__():
        if found.__module__.startswith("wordmouth.") and found.code != WordmouthError.code:
            yield found
        yield from _below(found)


def test_every_error_code_is_explained_with_its_status() -> None:
    told = dict(re.findall(r"^### `(\w+)`\n\n(\d{3})\b", ERRORS.read_text(), re.MULTILINE))
    assert told == {error.code: str(error.status) for error in errors()}


def test_one_code_means_one_status() -> None:
    statuses: dict[str, set[int]] = {}
    for error in errors():
        statuses.setdefault(error.code, set()).add(error.status)
    assert not {code: found for code, found in statuses.items() if len(found) > 1}


def test_the_example_of_a_problem_is_one(db: None) -> None:
    made = stores.create_store("Tea shop")
    response = Api(made.api_key).post("advocates", {"emial": "x@example.com"})
    page = (ERRORS.parent / "api.md").read_text()
    example = json.loads(page.split("## Errors")[1].split("```json\n")[1].split("```")[0])
    assert response.headers["Content-Type"] == PROBLEM
    assert {**response.data, "request_id": ""} == {**example, "request_id": ""}
