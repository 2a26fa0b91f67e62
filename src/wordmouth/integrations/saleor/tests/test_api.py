"""The API of a Saleor: what it says of itself, its webhook, and the keys that it signs with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest

from wordmouth.fulfilment.ports import Refused, Unreachable
from wordmouth.inbox.ports import Verified
from wordmouth.integrations import twins
from wordmouth.integrations.ports import BROKEN, CREDENTIALS, OK, ORDER, SUBSCRIPTIONS, Ref
from wordmouth.integrations.saleor import questions
from wordmouth.integrations.saleor import twin_forms as forms
from wordmouth.integrations.saleor.adapter import TOKEN, Saleor
from wordmouth.integrations.saleor.api import WHOLE, KeptKeys, SaleorApi
from wordmouth.integrations.saleor.calls import SaleorCalls
from wordmouth.integrations.saleor.twin import SaleorTwin
from wordmouth.integrations.saleor.wire import Jwk
from wordmouth.integrations.shop_calls import NotLetIn
from wordmouth.kit import clock
from wordmouth.kit.errors import Invalid
from wordmouth.kit.http import Http
from wordmouth.kit.signing import BadSignature
from wordmouth.stores import queries, services

AT = datetime(2026, 11, 22, 9, 0, 0, tzinfo=UTC)
ADDRESS = "https://engine.example/in/str_1/saleor"
HTTP = Http(allow_private=True, max_answer_bytes=1 << 20)


@pytest.fixture
def twin() -> Iterator[SaleorTwin]:
    """A shop, at a time that stands."""
    with clock.using(clock.SetClock(AT)), twins.running(SaleorTwin()) as twin:
        yield twin


def api(twin: SaleorTwin) -> SaleorApi:
    """The API, with keys that are kept in memory."""

    def keep(shown: Sequence[Jwk]) -> None:
        assert shown

    return SaleorApi(SaleorCalls(HTTP, twin.url, twin.token), KeptKeys((), keep))


def found(shop: SaleorApi, name: str) -> tuple[str, str]:
    (finding,) = [each for each in shop.health(ADDRESS) if each.name == name]
    return finding.state, finding.text


def test_what_the_app_may_not_do_is_named(twin: SaleorTwin) -> None:
    assert found(api(twin), CREDENTIALS)[0] == OK
    twin.permissions -= {"MANAGE_DISCOUNTS", "MANAGE_USERS"}
    state, text = found(api(twin), CREDENTIALS)
    assert state == BROKEN
    assert "MANAGE_USERS, MANAGE_DISCOUNTS" in text
    with pytest.raises(Unreachable, match="MANAGE_USERS"):
        api(twin).changes("customer", "")


def test_a_database_that_is_away_is_asked_later(twin: SaleorTwin) -> None:
    twin.away = True
    with pytest.raises(Unreachable, match="connection to server was lost"):
        api(twin).changes(ORDER, "")


def test_a_question_that_a_version_does_not_know_is_refused_in_words(
    twin: SaleorTwin, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = questions.ORDER.replace("voucherCode", "voucherCodeOfTomorrow")
    monkeypatch.setitem(WHOLE, ORDER, older)
    name = twin.order()
    with pytest.raises(Refused, match=r"voucherCodeOfTomorrow.*3\.20 or newer"):
        api(twin).fetch(Ref(kind=ORDER, id=name))


@pytest.mark.parametrize("status", [200, 400])
def test_a_token_of_another_kind_that_ran_out_is_not_let_in_whatever_the_status(
    twin: SaleorTwin, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    code = {"exception": {"code": "ExpiredSignatureError"}}
    errors = [{"message": "Signature has expired", "extensions": code}]
    monkeypatch.setattr(twin, "done", lambda request: twins.reply(status, {"errors": errors}))
    with pytest.raises(NotLetIn, match="Signature has expired"):
        api(twin).changes(ORDER, "")
    assert found(api(twin), CREDENTIALS)[0] == BROKEN


def test_an_address_that_is_no_api_is_refused_in_words(
    twin: SaleorTwin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(twin, "done", lambda request: twins.reply(400, {"detail": "What?"}))
    with pytest.raises(Refused, match=r"What.* Is this the address of Saleor's API"):
        api(twin).changes(ORDER, "")


def test_only_things_of_the_kind_are_asked_for(twin: SaleorTwin) -> None:
    shop = api(twin)
    for name in (forms.name_of("User", 7), "7", "?"):
        assert shop.fetch(Ref(kind=ORDER, id=name)) is None
    assert twin.seen == []
    assert shop.fetch(Ref(kind="customer", id=twin.customer("ana@example.com"))) is not None
    assert shop.fetch(Ref(kind="customer", id=forms.name_of("User", 7))) is None


def test_every_list_is_read_from_its_beginning_to_its_end(twin: SaleorTwin) -> None:
    shop = api(twin)
    for _ in range(101):
        twin.customer("ana@example.com")
        twin.product("Tee")
    for kind in ("customer", "product"):
        bodies, cursor, done = set(), "", False
        while not done:
            page = shop.changes(kind, cursor)
            assert len(page.items) <= 100
            bodies |= {item.body for item in page.items}
            cursor, done = page.cursor, page.done
        assert len(bodies) == 101
    assert shop.fetch(Ref(kind="product", id=next(iter(twin.products)))) is not None


def test_the_webhook_is_made_once_and_mended_where_it_tells_something_else(
    twin: SaleorTwin,
) -> None:
    shop = api(twin)
    assert found(shop, SUBSCRIPTIONS) == (
        BROKEN,
        "Saleor signs with a key that is not known here yet.",
    )
    assert len(shop.install(ADDRESS)) == 2
    assert shop.install(ADDRESS) == ()
    (hook,) = twin.hooks.values()
    assert {each["eventType"] for each in hook["asyncEvents"]} == set(questions.EVENTS)
    other = {**hook, "id": "other", "targetUrl": "https://other.example/"}
    twin.hooks["other"] = dict(other)
    for broken in (
        {"isActive": False},
        {"asyncEvents": hook["asyncEvents"][1:]},
        {"subscriptionQuery": "subscription { event { issuedAt } }"},
    ):
        hook |= broken
        assert found(shop, SUBSCRIPTIONS)[0] == BROKEN
        assert shop.install(ADDRESS) == ("The webhook was mended.",)
        assert found(shop, SUBSCRIPTIONS)[0] == OK
    assert twin.hooks["other"] == other, "what is not ours is left alone"
    assert len(twin.hooks) == 2


def test_the_token_goes_to_the_api_alone(twin: SaleorTwin) -> None:
    api(twin).install(ADDRESS)
    opened = {request.path: "authorization" in request.headers for request in twin.seen}
    assert opened == {questions.PATH: True, questions.KEYS_PATH: False}


def test_a_shop_that_shows_no_key_of_use_is_told_so(
    twin: SaleorTwin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(twin, "jwks", lambda: {"keys": [{"kty": "EC", "kid": "1"}]})
    state, text = found(api(twin), SUBSCRIPTIONS)
    assert state == BROKEN
    assert "no key" in text


@pytest.mark.django_db
def test_the_keys_are_kept_with_the_connection_and_changed_with_those_of_the_shop(
    twin: SaleorTwin,
) -> None:
    adapter, store = Saleor(HTTP), services.create_store("Tea shop").store
    options, secrets = {"url": f"{twin.url}/graphql/"}, {TOKEN: twin.token}
    assert adapter.examine(options, secrets) == "Saleor lets the app in."
    services.connect_shop(store.id, "saleor", secrets, options, coupon_url=f"{twin.url}/graphql/")

    def opens() -> bool:
        known = queries.connection(store.id, "saleor")
        assert known is not None
        sent = twin.sent("ORDER_UPDATED", b"{}")
        keys = adapter.keys(known)
        try:
            return isinstance(adapter.verifier.verify(keys, sent.headers, b"{}", AT), Verified)
        except BadSignature:
            return False

    def mend() -> tuple[str, ...]:
        known = queries.connection(store.id, "saleor")
        assert known is not None
        shop = adapter.api(known)
        assert shop is not None
        return shop.install(ADDRESS)

    assert not opens(), "no key is known before the first look"
    assert mend()
    assert opens()
    twin.key = 2
    assert not opens()
    assert mend() == ("The keys that the shop signs with were taken over.",)
    assert opens()
    twin.key = 1
    assert not opens(), "a key that the shop shows no more opens nothing"


def test_wrong_credentials_are_told_before_anything_is_kept(twin: SaleorTwin) -> None:
    options = {"url": twin.url}
    with pytest.raises(Invalid, match="does not let the app in"):
        Saleor(HTTP).examine(options, {TOKEN: "another"})
    with pytest.raises(Invalid):
        Saleor(Http()).examine(options, {TOKEN: twin.token})
    twin.permissions.clear()
    with pytest.raises(Invalid, match="it lacks MANAGE_ORDERS"):
        Saleor(HTTP).examine(options, {TOKEN: twin.token})
