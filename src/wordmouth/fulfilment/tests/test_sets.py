"""What is owed is asked for in sets: more rewards, not more queries."""

import msgspec
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wordmouth.fulfilment import services
from wordmouth.fulfilment.models import Coupon
from wordmouth.fulfilment.tests.test_carriers import carrying_out, issuing, run, shop
from wordmouth.outbox import queries as effects
from wordmouth.stores.transactions import store_read, store_write

pytestmark = pytest.mark.django_db


def ask_again(tea, rewards):
    """Ask anew for these, which were taken back; how many queries it takes."""
    with store_write(tea.store_id):
        Coupon.objects.filter(reward_id__in=[one.id for one in rewards]).update(state="revoked")
        with CaptureQueriesContext(connection) as captured:
            services.ask_for(rewards, "EUR")
    return len(captured)


@pytest.mark.parametrize("made", [shop, issuing, carrying_out])
def test_asking_again_takes_the_same_queries_however_many(made):
    with made() as tea:
        few, many = ([tea.earned() for _ in range(count)] for count in (2, 9))
        run(tea)
        assert ask_again(tea, many) == ask_again(tea, few) <= 6
        run(tea)
        found = [tea.coupon(reward) for reward in few + many]
        assert [(one.state, one.turn) for one in found] == [("issued", 2)] * 11


def test_of_several_kinds_each_is_asked_of_whoever_makes_it():
    with issuing() as tea:
        kinds = {"gift_card": "fake", "percent_off": "generic", "custom": "custom"}
        owed = [msgspec.structs.replace(tea.earned(), kind=kind) for kind in kinds]
        with store_write(tea.store_id):
            Coupon.objects.all().delete()
            services.ask_for(owed, "EUR")
        assert [tea.coupon(one).adapter for one in owed] == list(kinds.values())
        with store_write(tea.store_id):
            Coupon.objects.update(adapter="gone")
        ask_again(tea, owed)
        assert [tea.coupon(one).adapter for one in owed] == list(kinds.values())
        with store_read(tea.store_id):
            asked = effects.by_keys(
                f"{family}.issue:{one.id}:2"
                for family, one in zip(("gift_card", "coupon", "custom"), owed, strict=True)
            )
        assert len(asked) == 3
