"""The delivery door as Shopify finds it: answered at once, and 401 for whatever it did not sign."""

from __future__ import annotations

import json

from django_scopes import scopes_disabled

from tests.harness.asgi import living
from tests.shops.bench import Sale
from tests.shops.bench_shopify import ShopifyBench
from wordmouth.inbox.models import Delivery
from wordmouth.project.asgi import build

PRIVACY = ("customers/data_request", "customers/redact", "shop/redact")


def test_deliveries_and_privacy_requests_are_answered_as_shopify_needs_it(
    transactional_db: None,
) -> None:
    bench = ShopifyBench()
    with bench.running(), living(build(worker=False)) as client:
        address = f"/in/{bench.connect()}/{bench.name}"
        bench.save(Sale(paid=True))
        told = bench.deliveries()[-1]
        answers = [
            client.request("POST", address, headers=told.headers, body=told.body) for _ in range(2)
        ]
        assert [answer.status for answer in answers] == [202, 202]
        assert answers[0].json() == answers[1].json(), "sent again it is the same delivery"
        for topic in PRIVACY:
            sent = bench.twin.sent(topic, {"shop_id": 1})
            forged = client.request("POST", address, headers=sent.headers, body=sent.body + b" ")
            assert forged.status == 401
            good = client.request("POST", address, headers=sent.headers, body=sent.body)
            assert good.status == 202
        assert not bench.twin.faults
    with scopes_disabled():
        kept = list(Delivery.objects.all())
    assert len(kept) == 1 + len(PRIVACY)
    assert all("x-shopify-event-id" in json.loads(row.headers) for row in kept)
