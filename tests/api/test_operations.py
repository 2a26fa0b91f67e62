"""Every operation, used as its callers use it."""

from datetime import timedelta

import pytest

from tests.api.world import NOW, Api, World, later, order, program
from wordmouth.api import limits
from wordmouth.fulfilment.models import Coupon
from wordmouth.kit import clock
from wordmouth.outbox.models import Effect
from wordmouth.referrals.jobs import release_holds
from wordmouth.stores.transactions import store_read, store_write
from wordmouth.visits import tokens

NOBODY = "adv_01kap3x9zz0000000000000000"


def test_a_code_leads_to_the_offer_whatever_its_capitals(world: World) -> None:
    answer = world.public.get(f"codes/{world.code.lower()}")
    assert answer.status == 200
    assert answer.data["code"] == world.code
    assert answer.data["url"].endswith(f"/r/{world.code}")
    assert answer.data["advocate"] == {"first_name": "Mari acme"}
    assert answer.data["store"]["name"] == "acme shop"
    offer = answer.data["offer"]
    assert offer["friend"] == {
        "kind": "percent_off",
        "value": 10,
        "currency": "EUR",
        "min_order": 1000,
        "expires_days": 30,
    }
    assert "10%" in offer["text"]
    assert offer["conditions"]


def test_an_offer_is_asked_for_again_by_its_etag(world: World) -> None:
    first = world.public.get(f"codes/{world.code}")
    etag = first.headers["ETag"]
    again = world.public.get(f"codes/{world.code}", if_none_match=f'"x", W/{etag}')
    assert (again.status, again.text) == (304, "")
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    world.api.put(f"programs/{world.program}", program(world.program, attribution_days=30))
    assert world.public.get(f"codes/{world.code}", if_none_match=etag).status == 200


def test_a_code_that_leads_nowhere(world: World) -> None:
    for code in ("NOBODY-123", "x" * 300, "%F0%9F%98%80", "a b"):
        answer = world.public.get(f"codes/{code}")
        assert (answer.status, answer.data["code"]) == (404, "unknown_code")


def test_a_paused_programme_offers_nothing(world: World) -> None:
    world.api.put(f"programs/{world.program}", program(world.program, status="paused"))
    assert world.public.get(f"codes/{world.code}").data["code"] == "not_claimable"
    claim = world.public.post("claims", {"code": world.code, "email": "fe@acme.example.com"})
    assert (claim.status, claim.data["code"]) == (409, "not_claimable")


def test_a_friend_claims_and_gets_the_same_coupon_again(world: World) -> None:
    body = {"code": world.code.lower(), "email": "Fe@Acme.example.com", "first_name": "Fe"}
    first = world.public.post("claims", body)
    assert first.status == 200
    coupon = first.data["coupon"]
    assert coupon["status"] == "pending"
    assert (coupon["kind"], coupon["value"], coupon["min_order"]) == ("percent_off", 10, 1000)
    assert coupon["expires_at"] == "2026-12-21T10:00:00Z"
    again = world.public.post("claims", {**body, "email": "fe@acme.example.com"})
    assert again.data["id"] == first.data["id"]
    assert again.data["coupon"]["code"] == coupon["code"]


def test_a_claim_tells_nobody_who_is_a_customer(world: World) -> None:
    world.buy(order("1", "known@acme.example.com"))
    shapes = []
    for email in ("known@acme.example.com", "mari@acme.example.com", "new@acme.example.com"):
        answer = world.public.post("claims", {"code": world.code, "email": email})
        assert answer.status == 200
        coupon = {**answer.data["coupon"], "code": len(answer.data["coupon"]["code"])}
        shapes.append({**answer.data, "id": len(answer.data["id"]), "coupon": coupon})
    assert shapes[0] == shapes[1] == shapes[2]


def test_a_claim_by_the_token_of_a_visit(world: World) -> None:
    token = tokens.make(
        tokens.Token(store_id=world.store_id, code=world.code, click="clk_1", at=NOW)
    )
    answer = world.public.post("claims", {"token": token, "email": "fe@acme.example.com"})
    assert answer.status == 200
    for bad in (token[:-2], "x", "x.y", "\u00e4.\u00f6"):
        answer = world.public.post("claims", {"token": bad, "email": "fe@acme.example.com"})
        assert (answer.status, answer.data["errors"][0]["path"]) == (422, "token")


def test_a_claim_needs_a_code_or_a_token(world: World) -> None:
    answer = world.public.post("claims", {"email": "fe@acme.example.com"})
    assert (answer.status, answer.data["errors"][0]["path"]) == (422, "code")


def test_claims_are_limited_by_address_and_by_code(world: World, no_time_passes: None) -> None:
    body = {"code": "NOBODY-123", "email": "fe@acme.example.com"}
    statuses = [
        world.public.post("claims", body).status for _ in range(limits.CLAIMS_BY_ADDRESS.burst)
    ]
    assert set(statuses) == {404}
    over = world.public.post("claims", body)
    assert (over.status, over.data["code"]) == (429, "rate_limited")
    assert int(over.headers["Retry-After"]) >= 1
    assert over.headers["Access-Control-Allow-Origin"] == "*"
    other = Api()
    other.client.defaults["REMOTE_ADDR"] = "198.51.100.7"
    assert other.post("claims", body).status == 404
    for _ in range(limits.CLAIMS_BY_CODE.burst):
        limits.CLAIMS_BY_CODE.take(world.code)
    assert other.post("claims", {**body, "code": world.code}).status == 429


def test_an_advocate_joins_once(world: World) -> None:
    body = {
        "email": "Ana@acme.example.com",
        "first_name": "Ana",
        "last_name": "Li",
        "locale": "et",
        "external_id": "c-9",
        "program": world.program,
    }
    first = world.api.post("advocates", body)
    assert first.status == 200
    assert first.data["referrals"]["approved"] == 0
    assert (first.data["program"], first.data["offer"]) == (world.program, "control")
    assert first.data["locale"] == "et"
    again = world.api.post("advocates", {"email": "ana@acme.example.com"})
    assert again.data["id"] == first.data["id"]
    assert world.api.get(f"advocates/{first.data['id']}").data == again.data


def test_an_advocate_of_a_programme_that_is_not_there(world: World) -> None:
    answer = world.api.post("advocates", {"email": "a@b.example", "program": "nope"})
    assert (answer.status, answer.data["code"]) == (404, "program_not_found")
    assert world.api.get(f"advocates/{NOBODY}").status == 404
    assert world.api.get(f"advocates/{NOBODY}/wallet").status == 404


def test_lists_are_read_page_by_page(world: World) -> None:
    made = {world.advocate}
    for number in range(6):
        answer = world.api.post("advocates", {"email": f"a{number}@acme.example.com"})
        made.add(answer.data["id"])
    seen: list[str] = []
    after = ""
    while True:
        page = world.api.get(f"advocates?limit=3{after}").data
        assert len(page["data"]) <= 3
        seen += [item["id"] for item in page["data"]]
        if not page["has_more"]:
            break
        after = f"&starting_after={seen[-1]}"
    assert set(seen) == made
    assert seen == sorted(seen, reverse=True)
    assert world.api.get("advocates?limit=7").data["has_more"] is False


def test_an_order_is_checked_at_once(world: World) -> None:
    snapshot = order("1001", "fe@acme.example.com")
    cases = [
        ({**snapshot, "currency": "EUX"}, "currency"),
        ({**snapshot, "totals": {"grand": -1}}, "totals.grand"),
        ({**snapshot, "totals": {}}, "totals.grand"),
        ({**snapshot, "customer": {"email": "no-at-sign"}}, "customer.email"),
        ({**snapshot, "updated_at": "2026-11-21T10:00:00"}, "updated_at"),
        ({**snapshot, "id": "1002"}, "id"),
    ]
    for body, path in cases:
        answer = world.api.put("orders/1001", body)
        assert answer.status == 422, body
        assert [error["path"] for error in answer.data["errors"]] == [path]
    for raw in (b"[]", b"3", b"null"):
        assert world.api.put("orders/1001", raw).status == 422
    assert world.api.put("orders/1001", b"{").data["code"] == "malformed_body"
    assert world.api.get("deliveries").data["data"] == []


def test_an_order_is_stored_once_and_then_settled(world: World) -> None:
    snapshot = order("1001", "fe@acme.example.com", unknown_field={"kept": True})
    first = world.api.put("orders/1001", snapshot)
    assert first.status == 202
    assert world.api.put("orders/1001", snapshot).data == first.data
    assert world.api.get("orders/1001").status == 404
    delivery = f"deliveries/{first.data['delivery']}"
    assert world.api.get(delivery).data["state"] == "received"
    world.buy(snapshot)
    assert world.api.get(delivery).data["state"] == "settled"
    found = world.api.get("orders/1001")
    assert found.status == 200
    assert found.data["totals"]["grand"] == 4900
    assert found.data["id"] == "1001"
    assert "fe@acme" not in found.text


def test_the_id_of_an_order_may_stand_in_the_address_alone(world: World) -> None:
    snapshot = order("x", "fe@acme.example.com")
    del snapshot["id"]
    assert world.api.put("orders/2026%2F77", snapshot).status == 202
    world.buy({**snapshot, "id": "2026/77"})
    assert world.api.get("orders/2026%2F77").data["id"] == "2026/77"


def test_a_referral_is_told_whole(world: World) -> None:
    referral = world.refer()
    data = world.api.get(f"referrals/{referral}").data
    assert data["status"] == "pending"
    assert data["reasons"] == [
        {
            "code": "in_hold",
            "text": "The reward waits until the return window has passed.",
        }
    ]
    assert data["advocate"]["id"] == world.advocate
    assert data["friend"]["email"] == "friend1@acme.example.com"
    assert data["order"]["external_id"] == world.order
    assert (data["program"], data["offer"]) == (world.program, "control")
    assert data["hold_until"] == "2026-12-21T10:00:00Z"
    assert [step["what"] for step in data["timeline"]] == ["ordered", "paid", "held"]
    assert all(step["text"] for step in data["timeline"])


def test_referrals_are_found_by_order_advocate_and_status(
    world: World, set_clock: clock.SetClock
) -> None:
    first = world.refer(1)
    set_clock.move(timedelta(seconds=1))
    second = world.refer(2)
    expected = {
        "": [second, first],
        f"order={world.order}": [second],
        f"advocate={world.advocate}": [second, first],
        "status=pending": [second, first],
        "status=approved": [],
        "order=nope": [],
        f"advocate={NOBODY}": [],
    }
    for query, ids in expected.items():
        answer = world.api.get(f"referrals?{query}")
        assert [item["id"] for item in answer.data["data"]] == ids, query
    ours = world.api.get(f"referrals/{second}").data["order"]["id"]
    assert [r["id"] for r in world.api.get(f"referrals?order={ours}").data["data"]] == [second]
    assert world.api.get("referrals?status=lost").status == 422
    assert world.api.get("referrals?advocate=lost").status == 422


def test_a_referral_is_rejected_and_approved_by_hand(world: World) -> None:
    referral = world.refer()
    rejected = world.api.post(f"referrals/{referral}/reject", {"reason": "Same household."})
    assert (rejected.status, rejected.data["status"]) == (200, "rejected")
    assert "Same household." in rejected.data["timeline"][-2]["text"]
    again = world.api.post(f"referrals/{referral}/reject", {"reason": "Again."})
    assert (again.status, again.data["code"]) == (409, "not_rulable")
    approved = world.api.post(f"referrals/{referral}/approve", {"reason": "Our mistake."})
    assert (approved.status, approved.data["status"]) == (200, "pending")


@pytest.mark.parametrize("reason", [None, "", "   ", "x" * 501])
def test_a_ruling_needs_a_reason(world: World, reason: str | None) -> None:
    referral = world.refer()
    answer = world.api.post(f"referrals/{referral}/approve", {"reason": reason} if reason else {})
    assert (answer.status, answer.data["errors"][0]["path"]) == (422, "reason")


def test_rewards_walk_from_pending_to_withdrawn(world: World, set_clock: clock.SetClock) -> None:
    referral = world.refer()
    pending = world.api.get(f"rewards?advocate={world.advocate}").data["data"]
    assert [(r["status"], r["party"], r["kind"], r["value"], r["unit"]) for r in pending] == [
        ("pending", "advocate", "amount_off", 1000, "EUR")
    ]
    assert (pending[0]["referral"], pending[0]["code"]) == (referral, None)
    wallet = f"advocates/{world.advocate}/wallet"
    assert world.api.get(wallet).data["balances"] == [
        {"purse": "coupon", "unit": "EUR", "available": 0, "pending": 1000, "debt": 0}
    ]
    delivered = order(
        world.order,
        "friend1@acme.example.com",
        delivered_at=NOW.isoformat(),
        updated_at=later(days=1).isoformat(),
    )
    world.buy(delivered)
    set_clock.move(timedelta(days=15))
    assert release_holds() == 1
    assert world.api.get(f"referrals/{referral}").data["status"] == "approved"
    assert world.api.get(wallet).data["balances"][0]["available"] == 1000
    refund = {"id": "r1", "amount": 4900, "at": clock.now().isoformat()}
    world.buy({**delivered, "refunds": [refund], "updated_at": clock.now().isoformat()})
    assert world.api.get(f"referrals/{referral}").data["status"] == "voided"
    [withdrawn] = world.api.get("rewards?status=withdrawn").data["data"]
    assert withdrawn["referral"] == referral
    assert withdrawn["why"]["text"]
    assert world.api.get(wallet).data["balances"][0]["available"] == 0
    entries = world.api.get(wallet).data["entries"]
    assert any(entry["mirrors"] for entry in entries)


def test_rewards_are_found_by_referral_and_public_status(world: World) -> None:
    referral = world.refer()
    found = {
        status: {r["id"] for r in world.api.get(f"rewards?status={status}").data["data"]}
        for status in ("pending", "issued", "redeemed", "withdrawn", "expired", "failed")
    }
    everything = {r["id"] for r in world.api.get("rewards").data["data"]}
    assert set().union(*found.values()) == everything
    assert sum(map(len, found.values())) == len(everything) == 2
    assert len(world.api.get(f"rewards?referral={referral}").data["data"]) == 1
    assert world.api.get("rewards?limit=1").data["has_more"] is True
    assert world.api.get("rewards?status=lost").status == 422


def test_the_status_of_a_reward_is_that_of_its_coupon(world: World) -> None:
    for number in range(3):
        world.public.post("claims", {"code": world.code, "email": f"f{number}@acme.example.com"})
    waiting, refused, made = [
        reward["id"] for reward in world.api.get("rewards?status=pending").data["data"]
    ]
    with store_write(world.store_id):
        Coupon.objects.filter(reward_id=made).update(state="issued", issued_at=NOW)
        Coupon.objects.filter(reward_id=refused).update(state="failed", problem="No such kind.")
    for status, reward in (("pending", waiting), ("failed", refused), ("issued", made)):
        [found] = world.api.get(f"rewards?status={status}").data["data"]
        assert (found["id"], found["status"]) == (reward, status)
        assert bool(found["code"]) == (status == "issued")
        assert (found["why"] is not None) == (status == "failed")
    assert world.api.get(f"rewards?status=issued&advocate={world.advocate}").data["data"] == []
    assert world.api.get(f"rewards?status=issued&starting_after={made}").data["data"] == []
    told = {
        world.public.post("claims", {"code": world.code, "email": f"f{n}@acme.example.com"}).data[
            "coupon"
        ]["status"]
        for n in range(3)
    }
    assert told == {"pending", "failed", "issued"}


def test_a_claimed_coupon_that_waits_is_pending_and_paged(world: World) -> None:
    for number in range(3):
        world.public.post("claims", {"code": world.code, "email": f"f{number}@acme.example.com"})
    first = world.api.get("rewards?status=pending&limit=2").data
    assert (len(first["data"]), first["has_more"]) == (2, True)
    after = first["data"][-1]["id"]
    rest = world.api.get(f"rewards?status=pending&limit=2&starting_after={after}").data
    assert (len(rest["data"]), rest["has_more"]) == (1, False)


def test_a_programme_comes_back_as_it_was_sent(world: World) -> None:
    sent = world.api.get(f"programs/{world.program}")
    again = world.api.put(f"programs/{world.program}", sent.data)
    assert again.data == sent.data


def test_a_programme_as_toml(world: World) -> None:
    text = (
        'slug = "toml"\nname = "By file"\nstatus = "draft"\n[eligibility]\ncurrency = "EUR"\n'
        '[[offers]]\nkey = "a"\nfriend = {kind = "amount_off", value = 500}\n'
    )
    answer = world.api.call("PUT", "programs/toml", text, media="application/toml")
    assert answer.status == 200
    assert answer.data["offers"][0]["friend"]["value"] == 500
    broken = text.replace("amount_off", "amuont_off")
    answer = world.api.call("PUT", "programs/toml", broken, media="text/toml")
    assert (answer.status, answer.data["code"]) == (422, "program_invalid")
    [problem] = answer.data["errors"]
    assert (problem["path"], problem["line"]) == ("offers[0].friend.kind", 8)
    assert "amount_off" in problem["allowed"]


def test_a_programme_with_mistakes_lists_them_all(world: World) -> None:
    body = program("p", attribution_days=0, hold={"after": "delivred", "days": 500})
    answer = world.api.put("programs/p", body)
    assert (answer.status, answer.data["code"]) == (422, "program_invalid")
    paths = {error["path"] for error in answer.data["errors"]}
    assert {"attribution_days", "hold.after", "hold.days"} <= paths
    assert world.api.get("programs/p").data["code"] == "program_not_found"
    other = world.api.put("programs/q", program("p"))
    assert (other.status, other.data["errors"][0]["path"]) == (422, "slug")


def test_an_ended_programme_stays_ended(world: World) -> None:
    world.api.put(f"programs/{world.program}", program(world.program, status="ended"))
    answer = world.api.put(f"programs/{world.program}", program(world.program))
    assert (answer.status, answer.data["code"]) == (409, "program_status")


def test_deliveries_and_effects_are_listed(world: World) -> None:
    world.refer(1)
    world.refer(2)
    deliveries = world.api.get("deliveries?limit=1").data
    assert deliveries["has_more"] is True
    rest = world.api.get(f"deliveries?starting_after={deliveries['data'][0]['id']}").data
    assert len(rest["data"]) == 1
    assert world.api.get("deliveries?state=settled").data["data"]
    assert world.api.get("deliveries?state=refused").data["data"] == []
    assert world.api.get(f"deliveries?starting_after=dlv_{'0' * 26}").status == 404
    effects = world.api.get("effects?state=waiting&limit=1").data
    assert effects["has_more"] is True
    assert effects["data"][0]["state"] == "waiting"
    with store_read(world.store_id):
        assert Effect.objects.exists()
    assert "payload" not in effects["data"][0]
