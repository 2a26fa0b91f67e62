"""The click door, in the whole application on a real database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django_scopes import scopes_disabled

from tests.harness.asgi import PHONE, Answer, Client, Request, living
from wordmouth.advocates import services as advocates
from wordmouth.advocates.facts import AdvocateFacts
from wordmouth.kit import clock
from wordmouth.kit.group_commit import Overloaded, Unavailable
from wordmouth.kit.prompt_writer import PromptWriter
from wordmouth.people.snapshot import CustomerSnapshot
from wordmouth.programs import services as programs
from wordmouth.programs.tests.samples import give_10
from wordmouth.project.asgi import build
from wordmouth.stores import services as stores
from wordmouth.stores.facts import Created, StoreFacts
from wordmouth.stores.transactions import store_write
from wordmouth.visits import tokens
from wordmouth.visits.links import Links
from wordmouth.visits.models import Visit


def enrol(store: StoreFacts, email: str = "ana@example.com", name: str = "Ana") -> AdvocateFacts:
    with store_write(store.id):
        return advocates.enrol(store.id, CustomerSnapshot(email=email, first_name=name))


@pytest.fixture
def store(shop: Created) -> StoreFacts:
    with store_write(shop.store.id):
        programs.apply_document(give_10(), by="test")
    return shop.store


@pytest.fixture
def ana(store: StoreFacts) -> AdvocateFacts:
    return enrol(store)


def click(
    client: Client, code: str, *, method: str = "GET", query: bytes = b"", **headers: Any
) -> Answer:
    sent = {"user-agent": PHONE, **{k.replace("_", "-"): v for k, v in headers.items()}}
    return client.request(method, f"/r/{code}", headers=sent, query=query)


def visits() -> list[Visit]:
    with scopes_disabled():
        return list(Visit.objects.order_by("seq"))


def token_in(answer: Answer) -> tokens.Token:
    (text,) = parse_qs(urlsplit(answer.header("location")).query)["wm"]
    return tokens.open(text)


def cookie_of(answer: Answer) -> str:
    return answer.header("set-cookie").split(";")[0]


def test_a_friend_is_counted_and_sent_to_the_friend_page(client, store, ana, settings):
    before = clock.now()
    answer = click(client, ana.code)
    assert answer.status == 302
    place = urlsplit(answer.header("location"))
    assert answer.header("location").startswith(
        f"{settings.SITE_URL}/s/teehaus/from/{ana.code}?wm="
    )
    assert place.path == f"/s/{store.slug}/from/{ana.code}"
    token = token_in(answer)
    (visit,) = visits()
    assert (token.store_id, token.code, token.click) == (store.id, ana.code, visit.click)
    assert (visit.store_id, visit.advocate_id, visit.channel) == (store.id, ana.id, "")
    assert visit.click.startswith("clk_")
    assert before <= visit.at <= clock.now()
    assert token.at == visit.at.replace(microsecond=0)
    assert answer.header("cache-control") == "no-store"
    assert answer.header("referrer-policy") == "no-referrer"


def test_the_cookie_is_first_party_and_lasts_as_long_as_attribution(client, ana):
    name, _, rest = click(client, ana.code).header("set-cookie").partition("=")
    assert name == "wm_teehaus"
    attributes = rest.split("; ")[1:]
    assert attributes == [f"Max-Age={90 * 86_400}", "Path=/", "HttpOnly", "SameSite=Lax"]


def test_the_cookie_is_secure_where_the_site_is(store, ana, settings):
    settings.SITE_URL = "https://refer.example"
    with living(build(worker=False)) as client:
        answer = click(client, ana.code)
    assert answer.header("set-cookie").endswith("; Secure")
    assert answer.header("location").startswith("https://refer.example/s/")


def test_the_shop_is_the_destination_where_the_store_says_so(store, ana):
    stores.update_store(store.id, lands_on="shop", shop_url="https://shop.example/de?a=1#top")
    with living(build(worker=False)) as client:
        answer = click(client, ana.code)
    place = urlsplit(answer.header("location"))
    assert (place.scheme, place.netloc, place.path) == ("https", "shop.example", "/de")
    assert place.fragment == "top"
    assert parse_qs(place.query)["a"] == ["1"]
    assert token_in(answer).code == ana.code


def test_a_code_is_blind_to_case(client, ana):
    for spelling in (ana.code.lower(), ana.code.title(), ana.code.swapcase()):
        answer = click(client, spelling)
        assert token_in(answer).code == ana.code
        assert f"/from/{ana.code}?" in answer.header("location")


def test_a_space_is_as_good_as_a_dash(client, ana):
    assert token_in(click(client, ana.code.replace("-", " "))).code == ana.code


def test_the_first_touch_is_kept(client, store, ana):
    ben = enrol(store, "ben@example.com", "Ben")
    first = click(client, ana.code)
    again = click(client, ana.code, cookie=cookie_of(first))
    assert again.header("set-cookie") == ""
    assert token_in(again) == token_in(first)
    other = click(client, ben.code, cookie=f"x=1; {cookie_of(first)}; y=2")
    assert other.header("set-cookie") == ""
    assert token_in(other).code == ben.code, "the friend page is told of the link that was opened"
    assert len(visits()) == 3
    assert token_in(other).click == visits()[2].click


def test_the_shop_is_told_the_first_touch(store, ana):
    ben = enrol(store, "ben@example.com", "Ben")
    stores.update_store(store.id, lands_on="shop")
    with living(build(worker=False)) as client:
        first = click(client, ana.code)
        other = click(client, ben.code, cookie=cookie_of(first))
    assert token_in(other) == token_in(first)


def test_a_first_touch_ends_with_its_attribution(client, ana):
    long_ago = clock.now() - timedelta(days=90, seconds=1)
    with clock.using(clock.SetClock(long_ago)):
        first = click(client, ana.code)
    again = click(client, ana.code, cookie=cookie_of(first))
    assert token_in(again).at > token_in(first).at
    assert cookie_of(again) != cookie_of(first)


def foreign_cookies(store: StoreFacts, ana: AdvocateFacts) -> Iterator[str]:
    yield "wm_teehaus="
    yield "wm_teehaus=nonsense"
    yield "wm_teehaus=" + "A" * 5000
    yield "wm_teehaus=eA.eA"
    yield "wm_teehaus"
    yield ";;;=;"
    yield "wm_teehaus=é"
    genuine = tokens.make(
        tokens.Token(store_id=store.id, code=ana.code, click="clk_1", at=clock.now())
    )
    yield f"wm_teehaus={genuine[:-1]}"
    yield f"wm_other={genuine}"
    elsewhere = tokens.Token(
        store_id="str_00000000000000000000000000", code="X-1", click="", at=clock.now()
    )
    yield f"wm_teehaus={tokens.make(elsewhere)}"


def test_a_false_cookie_is_replaced(client, store, ana):
    for cookie in foreign_cookies(store, ana):
        answer = click(client, ana.code, cookie=cookie)
        assert answer.status == 302, cookie
        assert tokens.open(cookie_of(answer).partition("=")[2]).code == ana.code, cookie


CHANNELS = [
    (b"c=wa", "wa"),
    (b"c=WA", "wa"),
    (b"a=b&c=e-mail_2&d=e", "e-mail_2"),
    (b"", ""),
    (b"c=", ""),
    (b"abc=wa", ""),
    (b"c=" + b"x" * 21, ""),
    (b"c=%3Cscript%3E", ""),
    (b"c='; DROP TABLE", ""),
    ("c=wä".encode(), ""),
    (b"c=wa%0d%0aSet-Cookie:a=b", ""),
]


def test_the_channel_is_recorded_when_it_is_a_plain_word(client, ana):
    for query, _ in CHANNELS:
        assert click(client, ana.code, query=query).status == 302
    assert [visit.channel for visit in visits()] == [channel for _, channel in CHANNELS]


WHO_ONLY_LOOKS: list[dict[str, Any]] = [
    {"user_agent": "WhatsApp/2.23.20.0 A"},
    {"user_agent": "TelegramBot (like TwitterBot)"},
    {"user_agent": "facebookexternalhit/1.1"},
    {"user_agent": ""},
    {"sec_purpose": "prefetch"},
    {"sec_purpose": "prefetch;prerender"},
    {"purpose": "prefetch"},
    {"x_moz": "prefetch"},
]


def test_who_only_looks_is_redirected_and_not_counted(client, ana):
    for headers in WHO_ONLY_LOOKS:
        answer = click(client, ana.code, **headers)
        assert answer.status == 302, headers
        assert urlsplit(answer.header("location")).path == f"/s/teehaus/from/{ana.code}", headers
        assert answer.header("set-cookie") == "", headers
        assert "wm=" not in answer.header("location"), headers
    assert visits() == []


def test_head_is_redirected_and_not_counted(client, ana):
    assert click(client, ana.code, method="HEAD").status == 302
    assert visits() == []


def test_without_a_user_agent_nobody_is_counted(client, ana):
    assert client.request("GET", f"/r/{ana.code}").status == 302
    assert visits() == []


def test_other_methods_are_refused(client, ana):
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        answer = click(client, ana.code, method=method)
        assert (answer.status, answer.header("allow")) == (405, "GET, HEAD")


def test_an_unknown_code_is_a_friendly_page(client):
    answer = click(client, "ANA-7K3Q9XBDW")
    assert answer.status == 404
    assert answer.header("content-type").startswith("text/html")
    assert b"<h1>This link does not lead anywhere</h1>" in answer.body
    assert "default-src 'none'" in answer.header("content-security-policy")
    assert visits() == []


def test_an_unknown_code_under_a_stores_host_leads_to_its_home(client, store, watch):
    stores.update_store(store.id, host="friends.shop.example")
    for host in ("friends.shop.example", "Friends.Shop.Example:8443"):
        answer = click(client, "NOBODY-123", host=host)
        assert answer.header("location") == "https://teehaus.example/"
    stores.update_store(store.id, shop_url="")
    watch.move(1.001)
    location = click(client, "NOBODY-123", host=host).header("location")
    assert urlsplit(location).path == "/s/teehaus"


def test_an_advocate_who_left_has_no_link_within_a_second(client, store, ana, watch):
    assert click(client, ana.code).status == 302
    with store_write(store.id):
        advocates.leave(ana.id)
    watch.move(1.001)
    assert click(client, ana.code).status == 404


def test_a_new_code_works_within_a_second_of_being_asked_for(client, store, monkeypatch, watch):
    monkeypatch.setattr("wordmouth.advocates.services.speakable", lambda length: "7K3Q9XBDW")
    assert click(client, "ANA-7K3Q9XBDW").status == 404
    enrol(store)
    watch.move(1.001)
    assert click(client, "ANA-7K3Q9XBDW").status == 302


UNSAFE_PATHS = [
    "//evil.example",
    "/evil.example",
    "\\evil.example",
    "https://evil.example",
    "x\r\nLocation: https://evil.example",
    "x\r\nSet-Cookie: a=b",
    "a@evil.example",
    "ana%0d%0a",
    "АНА-7K3Q9X",
    "аna-7k3q9x",
    "ß-7K3Q9X",
    "\u202eANA",
    "../../etc/passwd",
    "..",
    "",
    "A",
    "A" * 41,
    "A" * 5000,
    "\0",
    "ANA-7K3Q9X/../x",
    "ANA-7K3Q9X'--",
    "{code}",
    "ANA?x",
]


def test_no_address_in_the_request_is_ever_followed(client, ana):
    for path in UNSAFE_PATHS:
        answer = click(client, path, host="evil.example", query=b"url=https://evil.example&wm=x")
        assert answer.status == 404, path
        assert answer.header("location") == "", path
        assert b"evil" not in answer.body, path


def test_what_cannot_be_a_code_does_not_reach_the_database(client, monkeypatch):
    asked: list[object] = []
    monkeypatch.setattr("wordmouth.visits.links.read_set", lambda *given: asked.append(given))
    malformed = ["", "A", "A" * 41, "A_B", "A'B", "ÄÖÜÄ", "A.B.C", "//evil", "AN\0A"]
    requests = [Request("GET", f"/r/{code}", {"user-agent": PHONE}) for code in malformed]
    assert {answer.status for answer in client.together(requests)} == {404}
    assert asked == []


UNSAFE_SHOPS = [
    "javascript:alert(1)",
    "//evil.example/",
    "https:///evil.example",
    "https://user@evil.example/",
    "https://user:pw@evil.example/",
    "https://shop.example\\@evil.example",
    "https://shop.example/\r\nSet-Cookie: a=b",
    "https://shop.example/ space",
    "https://shöp.example/",
    "https://[bad/",
    "ftp://shop.example/",
    "shop.example",
    "",
]


def test_an_unusable_shop_address_leads_to_the_friend_page(store, ana):
    for address in UNSAFE_SHOPS:
        stores.update_store(store.id, lands_on="shop", shop_url=address)
        link = Links("https://site.example").find([ana.code])[ana.code]
        assert link is not None
        assert link.destination == f"https://site.example/s/teehaus/from/{ana.code}", address
        assert not link.to_shop


@pytest.mark.parametrize("trouble", [Overloaded(9), Unavailable("no disk")])
def test_a_click_that_cannot_be_stored_is_asked_to_come_again(client, ana, monkeypatch, trouble):
    async def refuse(self, *row):
        raise trouble

    monkeypatch.setattr(PromptWriter, "write", refuse)
    answer = click(client, ana.code)
    assert answer.status == 503
    assert answer.header("retry-after") == str(trouble.retry_after)
    assert b'http-equiv="refresh"' in answer.body


def test_many_clicks_at_once_are_all_stored(client, store, ana):
    request = Request("GET", f"/r/{ana.code}", {"user-agent": PHONE})
    answers = client.together([request] * 300)
    assert {answer.status for answer in answers} == {302}
    told = sorted(token_in(answer).click for answer in answers)
    assert told == sorted(visit.click for visit in visits())
    assert len(set(told)) == 300


def test_a_set_of_codes_is_one_statement(store, django_assert_num_queries):
    known = [enrol(store, f"a{number}@example.com", f"Ana {number}").code for number in range(40)]
    links = Links("https://site.example")
    with django_assert_num_queries(2):
        links.find(known[:1])  # their programme is looked up too, once
    for codes in (known[:1], known, [*known, "NOBODY-123", "O'NEIL\\"]):
        with django_assert_num_queries(1):
            found = links.find(codes)
        assert list(found) == codes
        assert {code for code, link in found.items() if link} == set(codes) & set(known)
        assert all(link.code == code for code, link in found.items() if link)


def test_clicks_on_unknown_codes_are_looked_up_in_sets_and_known_ones_not_again(
    client, store, sets
):
    codes = [enrol(store, f"a{number}@example.com", "Ana").code for number in range(60)]
    requests = [Request("GET", f"/r/{code}", {"user-agent": PHONE}) for code in codes]
    assert {answer.status for answer in client.together(requests)} == {302}
    assert sets == ["60 of codes", "60 of codes in a thread"], "that knows where programmes lead"
    assert {answer.status for answer in client.together(requests)} == {302}
    assert len(visits()) == 120
    assert len(sets) == 2, "a warm click asks nothing"
