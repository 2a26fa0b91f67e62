"""Early access: the entitlement, its token, and the shop's own part in it."""

import base64
import hashlib
import hmac
import json
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordmouth.fulfilment import access, entitlements, queries, services
from wordmouth.fulfilment.entitlements import Entitlement
from wordmouth.fulfilment.tests.test_carriers import run, shop
from wordmouth.fulfilment.tests.world import START, World, lane, until_quiet
from wordmouth.kit import clock, signing
from wordmouth.kit.signing import BadSignature
from wordmouth.outbox import services as effects
from wordmouth.rewards.models import Reward
from wordmouth.stores import services as stores
from wordmouth.stores.models import Connection
from wordmouth.stores.transactions import store_read, store_write

pytestmark = pytest.mark.django_db

TEAS = '{kind = "early_access", access = {name = "Winter teas", until = 2026-12-24, %s}}'
PRODUCT = TEAS % 'products = ["p-9"]'
CATEGORY = TEAS % 'category = "Drinks"'
UNTIL = datetime(2026, 12, 24, tzinfo=UTC)


@contextmanager
def early(friend=PRODUCT, *, helps=True, **more):
    """A store that promises early access; whose shop `helps` or not."""
    with shop(friend=friend, **more) as tea:
        if not helps:
            with store_write(tea.store_id):
                Connection.objects.update(options={"kinds": ["percent_off"]})
        yield tea


def token_of(tea, reward):
    held = tea.held(reward)
    return held.url.rpartition("/")[2] if held else ""


def by_token(tea, token):
    with store_read(tea.store_id):
        return access.by_token(token, clock.now())


def by_email(tea, email, product=None, category=None):
    with store_read(tea.store_id):
        return access.by_email(email, product, category, clock.now())


def test_it_holds_without_the_shops_help():
    with early(helps=False) as tea:
        reward = tea.claim()
        assert tea.status(reward) == "pending"
        run(tea)
        assert (tea.status(reward), tea.shop.coupons) == ("issued", [])
        opened = by_token(tea, token_of(tea, reward))
        assert opened is not None
        assert (opened.name, opened.entitlement.products) == ("Winter teas", ("p-9",))
        assert opened.entitlement.until == UNTIL


def test_a_shop_that_helps_is_told_what_is_opened_and_for_whom():
    with early() as tea:
        reward = tea.claim()
        run(tea)
        (coupon,) = tea.shop.coupons
        assert coupon["terms"]["kind"] == "early_access"
        assert coupon["terms"]["access"] == {
            "name": "Winter teas",
            "until": "2026-12-24",
            "products": ["p-9"],
            "category": None,
        }
        assert coupon["terms"]["customer"] == {"id": None, "email": "friend1@example.com"}
        assert tea.coupon(reward).reference == "cpn-1"
        assert tea.effects() == {"done": 2}


def test_a_shop_that_does_not_answer_does_not_hold_it_up():
    with early() as tea:
        tea.shop.down = True
        reward = tea.claim()
        run(tea)
        assert tea.status(reward) == "issued"
        assert by_token(tea, token_of(tea, reward)) is not None
        tea.shop.down = False
        until_quiet(tea.lane, tea.standing)
        assert tea.shop.active() == {reward.code: 1}


def test_a_shop_that_says_never_does_not_take_it_away_and_is_heard():
    with early() as tea:
        tea.shop.kinds.discard("early_access")
        reward = tea.claim()
        run(tea)
        assert tea.status(reward) == "issued"
        assert "early_access cannot be made here" in tea.coupon(reward).problem
        assert by_token(tea, token_of(tea, reward)) is not None


@pytest.mark.parametrize("helps", [True, False])
def test_what_was_taken_back_is_not_granted_any_more(helps):
    with early(helps=helps) as tea:
        reward = tea.claim()
        run(tea)
        token = token_of(tea, reward)
        tea.tell(reward, "withdrawn")
        assert by_token(tea, token) is None, "at once, whatever the shop does"
        assert by_email(tea, "friend1@example.com") == []
        assert tea.held(reward) is None
        run(tea)
        assert tea.coupon(reward).state == "revoked"
        assert tea.shop.active() == {}


def test_taken_back_before_it_began_it_never_begins():
    with early() as tea:
        reward = tea.claim()
        tea.tell(reward, "withdrawn")
        run(tea)
        assert tea.coupon(reward).state == "revoked"
        assert tea.shop.requests == []


def test_it_ends_with_its_day_and_with_its_own_time():
    with early(helps=False) as tea:
        reward, shorter = tea.claim(), tea.claim()
        run(tea)
        with store_write(tea.store_id):
            Reward.objects.filter(id=shorter.id).update(expires_at=START + timedelta(days=3))
        token, short = token_of(tea, reward), token_of(tea, shorter)
        tea.standing.at = START + timedelta(days=3)
        assert by_token(tea, short) is None
        tea.standing.at = UNTIL - timedelta(seconds=1)
        assert by_token(tea, token) is not None
        tea.standing.at = UNTIL
        assert by_token(tea, token) is None
        assert by_email(tea, "friend1@example.com") == []


def test_the_stopped_programme_opens_nothing_new():
    with early() as tea:
        reward = tea.claim()
        tea.stop()
        run(tea)
        assert tea.status(reward) == "failed"
        assert tea.held(reward) is None
        tea.resume()
        run(tea)
        assert tea.status(reward) == "issued"
        assert tea.shop.active() == {reward.code: 1}


def test_stopped_between_the_entitlement_and_the_shops_part():
    with early() as tea:
        reward = tea.claim()
        tea.lane.step()
        while tea.status(reward) != "issued":
            tea.lane.step()
        tea.stop()
        run(tea)
        assert (tea.coupon(reward).problem, tea.shop.coupons) == (services.STOPPED, [])
        tea.resume()
        run(tea)
        assert (tea.coupon(reward).problem, tea.shop.active()) == ("", {reward.code: 1})


def test_who_asks_is_known_by_any_address_and_in_any_spelling():
    with early(helps=False) as tea:
        tea.claim()
        run(tea)
        assert len(by_email(tea, "Friend1@Example.com")) == 1
        assert by_email(tea, "stranger@example.com") == []
        assert by_email(tea, "no address") == []


def test_an_advocates_is_theirs_and_not_their_friends():
    with early(helps=False) as tea:
        reward = tea.earned()
        run(tea)
        assert tea.status(reward) == "issued"
        assert len(by_email(tea, "ana@tea.test")) == 1
        assert by_email(tea, "friend1@example.com") == []


@pytest.mark.parametrize(
    ("friend", "product", "category", "granted"),
    [
        (PRODUCT, None, None, True),
        (PRODUCT, "p-9", None, True),
        (PRODUCT, "p-1", None, False),
        (PRODUCT, None, "Drinks", False),
        (CATEGORY, None, "Drinks", True),
        (CATEGORY, None, "Cups", False),
        (CATEGORY, "p-9", None, True),
        (CATEGORY, "p-1", None, False),
        (CATEGORY, "p-unknown", None, False),
    ],
)
def test_what_is_asked_for_is_opened_or_not(friend, product, category, granted):
    with early(friend, helps=False) as tea:
        tea.claim()
        run(tea)
        assert bool(by_email(tea, "friend1@example.com", product, category)) is granted


def test_another_stores_token_opens_nothing():
    with early(helps=False) as tea:
        reward = tea.claim()
        run(tea)
        token = token_of(tea, reward)
        other = World("Coffee")
        assert by_token(other, token) is None
        assert by_email(other, "friend1@example.com") == []
        forged = entitlements.sign(
            entitlements.read(token, [tea.made.webhook_secret]), other.made.webhook_secret
        )
        assert by_token(other, forged) is None, "the reward is another store's"


def test_the_token_is_the_same_each_time_and_follows_the_newest_secret():
    with early(helps=False) as tea:
        reward = tea.claim()
        run(tea)
        first = token_of(tea, reward)
        assert token_of(tea, reward) == first
        newer = signing.new_secret()
        stores.update_connection(tea.store_id, "generic", add_secret=newer)
        second = token_of(tea, reward)
        assert entitlements.read(second, [newer]) == entitlements.read(
            first, [tea.made.webhook_secret]
        )
        assert by_token(tea, first) is not None, "while both secrets live"
        assert by_token(tea, second) is not None
        stores.update_connection(tea.store_id, "generic", add_secret=signing.new_secret())
        assert by_token(tea, first) is None


def test_a_shop_can_check_it_with_nothing_but_the_secret():
    with early(CATEGORY, helps=False) as tea:
        reward = tea.claim()
        run(tea)
        payload, mac = token_of(tea, reward).split(".")
        key = base64.b64decode(tea.made.webhook_secret.removeprefix("whsec_"))
        expected = hmac.new(key, b"wm-access." + payload.encode(), hashlib.sha256).digest()
        assert base64.urlsafe_b64encode(expected).rstrip(b"=").decode() == mac
        told = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        assert told == {
            "reward": reward.id,
            "person": reward.person_id,
            "products": [],
            "category": "Drinks",
            "until": "2026-12-24T00:00:00Z",
            "iat": int(START.timestamp()),
        }


def test_revived_effects_grant_once():
    with early() as tea:
        reward = tea.claim()
        tea.stop()
        run(tea)
        tea.resume()
        with store_write(tea.store_id):
            effects.revive_keys([f"{services.GRANT}:{reward.id}"])
        run(tea)
        assert tea.effects() == {"done": 2}
        assert len(tea.shop.coupons) == 1


SECRET = "whsec_" + base64.b64encode(b"a secret that only we two know!!").decode()
ENTITLEMENTS = st.builds(
    Entitlement,
    reward=st.text(min_size=1, max_size=40),
    person=st.text(max_size=40),
    products=st.lists(st.text(min_size=1, max_size=20), max_size=5).map(tuple),
    category=st.none() | st.text(min_size=1, max_size=30),
    until=st.datetimes(
        min_value=datetime(2020, 1, 1), max_value=datetime(2090, 1, 1), timezones=st.just(UTC)
    ).map(lambda at: at.replace(microsecond=0)),
    iat=st.integers(0, 10**10),
)


@given(ENTITLEMENTS)
def test_what_is_signed_is_read(entitlement):
    token = entitlements.sign(entitlement, SECRET)
    assert entitlements.read(token, [signing.new_secret(), SECRET]) == entitlement


@given(ENTITLEMENTS, st.data())
def test_a_changed_token_is_refused(entitlement, data):
    token = entitlements.sign(entitlement, SECRET)
    place = data.draw(st.integers(0, len(token) - 1))
    sign = data.draw(st.sampled_from("AZaz09-_.").filter(lambda other: other != token[place]))
    with pytest.raises(BadSignature):
        entitlements.read(token[:place] + sign + token[place + 1 :], [SECRET])


@pytest.mark.parametrize("token", ["", ".", "a.b", "x" * 30_000, "ä.ö"])
def test_no_token_is_refused(token):
    with pytest.raises(BadSignature):
        entitlements.read(token, [SECRET])


@pytest.mark.parametrize("payload", [b"", b"null", b"[]", b"{}", b'{"reward": 1}', b"\xff"])
def test_a_signed_token_of_another_shape_is_refused(payload):
    token = signing.sign_token(signing.secret_bytes(SECRET), entitlements.PURPOSE, payload)
    with pytest.raises(BadSignature):
        entitlements.read(token, [SECRET])


def test_nothing_is_held_of_what_is_not_issued():
    with early(helps=False) as tea:
        reward = tea.claim()
        with store_read(tea.store_id):
            assert queries.held([msgspec.structs.replace(reward)]) == {}
        worker = lane()
        while worker.step():
            pass
        assert tea.held(reward).url.startswith("http")
