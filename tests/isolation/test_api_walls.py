"""The REST API: every operation of the OpenAPI document, with every wrong key.

The requests are generated: an operation, parameter or body that is not declared here fails.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
from django_scopes import scopes_disabled

from tests.api.world import Answer, Api, order, program
from tests.isolation.canaries import fingerprint
from tests.isolation.conftest import Scene
from wordmouth.advocates import queries as advocates
from wordmouth.api.surface import METHODS
from wordmouth.api.urls import document
from wordmouth.orders import queries as orders

HARMLESS = {
    "limit",
    "status",
    "state",
    "Idempotency-Key",
    "rail",
    "currency",
    "year",
    "in_doubt",
    "at",
}
"""Parameters that name nothing of a store."""


class Probe(NamedTuple):
    """One request that names things of the victim."""

    operation: str
    method: str
    path: str
    body: Any
    private: bool
    names_a_thing: bool

    @property
    def text(self) -> str:
        """All that the intruder says, and so may hear again."""
        return f"{self.path} {json.dumps(self.body)}"


def things(scene: Scene) -> dict[str, str]:
    """The victim's things, by the name of the parameter that takes them."""
    return {
        "code": scene.victim.code,
        "advocate_id": scene.victim.advocate,
        "advocate": scene.victim.advocate,
        "external_id": scene.victim.order,
        "order": scene.victim.order,
        "referral_id": scene.referral,
        "referral": scene.referral,
        "slug": scene.victim.program,
        "delivery_id": scene.delivery,
        "redemption_id": scene.victim.redemption,
        **scene.victim.paid,
    }


def last_seen(scene: Scene) -> dict[str, str]:
    """A thing of the victim to go on from, for each list."""
    return {
        "listAdvocates": scene.victim.advocate,
        "listReferrals": scene.referral,
        "listRewards": scene.reward,
        "listRedemptions": scene.victim.redemption,
        "listPayoutBatches": scene.victim.paid["batch_id"],
        "listPayouts": scene.victim.paid["payout_id"],
        "listDeliveries": scene.delivery,
        "listEffects": scene.effect,
    }


def bodies(scene: Scene) -> dict[str, Any]:
    """A body for each operation that takes one, naming things of the victim."""
    return {
        "createClaim": {"code": scene.victim.code, "email": "stranger@elsewhere.example"},
        "createAdvocate": {"email": "stranger@elsewhere.example", "program": scene.victim.program},
        "putOrder": order(scene.victim.order, "stranger@elsewhere.example", scene.victim.code),
        "putProgram": program(scene.victim.program, status="draft"),
        "approveReferral": {"reason": "Let me in."},
        "checkAccess": {"email": "friend1@victim.example.com", "product": "p-9"},
        "rejectReferral": {"reason": "Throw them out."},
        "createRedemption": {"advocate": scene.victim.advocate, "amount": 100},
        "putPayee": {"method": "paypal", "email": "stranger@elsewhere.example"},
        "createPayoutBatch": {"rail": "csv", "currency": "EUR"},
        "rulePayout": {"state": "refused", "reason": "Give it to me."},
        "createPayoutAnswers": {
            "answers": [{"payout": scene.victim.paid["payout_id"], "state": "returned"}]
        },
    }


def probes(scene: Scene) -> Iterator[Probe]:
    """Each operation plainly, and once more with each parameter of its query."""
    for path, item in document()["paths"].items():
        for method in METHODS:
            if method in item:
                yield from _probes_of(scene, path, method, item[method])


def _probes_of(scene: Scene, path: str, method: str, told: dict[str, Any]) -> Iterator[Probe]:
    operation, known = told["operationId"], things(scene)
    queries = [""]
    for parameter in told.get("parameters", []):
        name = parameter["name"]
        if parameter["in"] == "path":
            path = path.replace(f"{{{name}}}", quote(known[name], safe=""))
        elif name == "starting_after":
            queries.append(f"?{name}={last_seen(scene)[operation]}")
        elif name not in HARMLESS:
            queries.append(f"?{name}={known[name]}")
    body = bodies(scene)[operation] if "requestBody" in told else None
    short = path.removeprefix("/api/v1/")
    names_a_thing = short.count("/") > 0 and method != "put"
    for query in queries:
        yield Probe(
            operation,
            method.upper(),
            short + query,
            body,
            bool(told.get("security")),
            names_a_thing,
        )


def send(probe: Probe, key: str | None) -> Answer:
    return Api(key).call(probe.method, probe.path, probe.body)


def assert_silent(scene: Scene, probe: Probe, answer: Answer, allowed: frozenset[str]) -> None:
    """Nothing that only the victim knows is in the answer, save what the request itself says."""
    heard = f"{answer.text}\n{dict(answer.headers)}"
    leaked = {text for text in scene.secrets - allowed if text in heard and text not in probe.text}
    assert not leaked, f"{probe.method} {probe.path} ({probe.operation}) tells {sorted(leaked)[:5]}"


def probe_with_the_other_stores_key(scene: Scene) -> None:
    """The intruder's own, live key, at every private operation."""
    for probe in probes(scene):
        if not probe.private:
            continue
        before = fingerprint(scene.victim.store_id)
        answer = send(probe, scene.intruder.key)
        assert_silent(scene, probe, answer, frozenset())
        assert fingerprint(scene.victim.store_id) == before, f"{probe.operation} wrote"
        assert answer.status < 500, probe
        if probe.names_a_thing:
            assert answer.status == 404, (probe, answer.status)


def test_the_probe_names_things_of_the_victim(scene: Scene) -> None:
    found = list(probes(scene))
    assert {probe.operation for probe in found} == {
        item[method]["operationId"]
        for item in document()["paths"].values()
        for method in METHODS
        if method in item
    }
    assert len(found) > 25
    for secret in (scene.referral, scene.reward, "friend1@victim.example.com"):
        assert secret in scene.secrets


def test_the_victims_own_key_sees_the_canaries(scene: Scene) -> None:
    """Otherwise silence would prove nothing."""
    seen = set()
    for probe in probes(scene):
        if probe.method == "GET":
            answer = send(probe, scene.victim.key)
            assert answer.status == 200, probe
            seen |= {text for text in scene.secrets if text in answer.text}
    assert {scene.referral, scene.reward, scene.effect, "friend1@victim.example.com"} <= seen


@pytest.mark.parametrize("which", ["none", "malformed", "revoked"])
def test_without_a_live_key_there_is_only_401(scene: Scene, which: str) -> None:
    key = {"none": None, "malformed": "wm_live_x'--", "revoked": scene.revoked}[which]
    before = fingerprint(scene.victim.store_id)
    for probe in probes(scene):
        if probe.private:
            answer = send(probe, key)
            assert (answer.status, answer.data["code"]) == (401, "unauthorized"), probe
            assert_silent(scene, probe, answer, frozenset())
    assert fingerprint(scene.victim.store_id) == before


def test_another_stores_key_opens_nothing(scene: Scene) -> None:
    probe_with_the_other_stores_key(scene)


@pytest.mark.parametrize("with_key", [False, True])
def test_public_operations_show_the_public_face_alone(scene: Scene, with_key: bool) -> None:
    for probe in probes(scene):
        if not probe.private:
            answer = send(probe, scene.intruder.key if with_key else None)
            assert answer.status == 200
            allowed = {text for text in scene.secrets if text in _face_texts(scene)}
            assert_silent(scene, probe, answer, frozenset(allowed))
            assert "@victim.example.com" not in answer.text


def _face_texts(scene: Scene) -> str:
    """Names and offer of the victim, as anybody may know them."""
    offer = json.dumps(program(scene.victim.program))
    return " ".join([*scene.face, "victim shop", offer])


def test_a_planted_query_without_scope_is_caught(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = advocates.page

    def unscoped(limit: int = 50, starting_after: str | None = None) -> Any:
        with scopes_disabled():
            return real(limit, starting_after)

    monkeypatch.setattr(advocates, "page", unscoped)
    with pytest.raises(AssertionError, match="listAdvocates"):
        probe_with_the_other_stores_key(scene)


def test_a_planted_look_up_without_scope_is_caught(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = orders.snapshot_json

    def unscoped(external_id: str) -> Any:
        with scopes_disabled():
            return real(external_id)

    monkeypatch.setattr(orders, "snapshot_json", unscoped)
    with pytest.raises(AssertionError, match="getOrder"):
        probe_with_the_other_stores_key(scene)


def test_a_planted_mix_up_of_stores_is_caught(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wordmouth.api.routes.rewards.store_of", lambda _: scene.victim.store_id)
    with pytest.raises(AssertionError, match="listRewards"):
        probe_with_the_other_stores_key(scene)
