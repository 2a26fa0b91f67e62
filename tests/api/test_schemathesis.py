"""The running API keeps to its own OpenAPI document, whatever it is sent.

For every operation: requests that keep the document's rules and requests that break them, with
ids that exist and ids that do not. Never a 5xx; every answer has a declared status, media type,
headers and shape; no private operation answers without its key.
"""

import os
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.specs.openapi import checks

from tests.api.world import World
from wordmouth.api import limits

load_all_checks()

EXAMPLES = int(os.environ.get("WORDMOUTH_API_EXAMPLES", "12"))
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.ignored_auth,
]
OPERATIONS = [
    "getCode",
    "createClaim",
    "createAdvocate",
    "listAdvocates",
    "getAdvocate",
    "getWallet",
    "putOrder",
    "getOrder",
    "listReferrals",
    "getReferral",
    "approveReferral",
    "rejectReferral",
    "listRewards",
    "createRedemption",
    "listRedemptions",
    "getRedemption",
    "cancelRedemption",
    "checkAccess",
    "getProgram",
    "putProgram",
    "putPayee",
    "getPayee",
    "forgetPayee",
    "putTaxPapers",
    "previewPayouts",
    "createPayoutBatch",
    "listPayoutBatches",
    "getPayoutBatch",
    "approvePayoutBatch",
    "cancelPayoutBatch",
    "sendPayoutBatch",
    "listPayouts",
    "getPayout",
    "rulePayout",
    "createPayoutAnswers",
    "listPayoutTotals",
    "listDeliveries",
    "getDelivery",
    "listEffects",
]


SIGNALS = (request_started, request_finished)
application = get_wsgi_application()


def inside_the_test(environ: Any, start_response: Any) -> Any:
    """The application, on the test's own connection: it is not closed around a request.

    Django's test client does the same for its own requests, and undoes it after each.
    """
    for signal in SIGNALS:
        signal.disconnect(close_old_connections)
    return application(environ, start_response)


@pytest.fixture(autouse=True)
def signals_again() -> Iterator[None]:
    yield
    for signal in SIGNALS:
        signal.connect(close_old_connections)


@cache
def live_schema() -> Any:
    """The document as the running application gives it."""
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", inside_the_test)


def test_no_operation_is_left_out(world: World) -> None:
    found = live_schema().get_all_operations()
    assert {operation.ok().definition.raw["operationId"] for operation in found} == set(OPERATIONS)


@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_an_operation_keeps_to_the_document(world: World, operation_id: str) -> None:
    operation = live_schema().find_operation_by_id(operation_id)
    known = {
        "code": world.code,
        "redemption_id": world.redeem() if "edemption" in operation_id else "",
        "referral_id": world.refer(),
        "advocate_id": world.advocate,
        "external_id": world.order,
        "slug": world.program,
        "delivery_id": world.api.get("deliveries").data["data"][0]["id"],
    }
    known |= world.pay_out()
    cases = st.one_of(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    )

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, known_ids=st.booleans())
    def keep_to_it(case: Any, known_ids: bool) -> None:
        for limit in limits.ALL:
            limit.reset()
        if known_ids:
            for name in case.path_parameters or {}:
                case.path_parameters[name] = known[name]
        headers = {"Authorization": f"Bearer {world.key}"}
        case.call_and_validate(headers=headers, checks=CHECKS)

    keep_to_it()
