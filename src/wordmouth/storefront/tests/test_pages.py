"""The public pages by their answers: what each shows, refuses and remembers."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from tests.stage import Stage, found_in
from tests.world import DAY, paid
from wordmouth.advocates import services as advocates
from wordmouth.kit.signing import secret_bytes
from wordmouth.messages import suppression
from wordmouth.messages import tokens as mail_keys
from wordmouth.orders.snapshot import Refund
from wordmouth.programs import services as programs
from wordmouth.storefront.views.friend import CLAIMS_BY_VISITOR
from wordmouth.storefront.views.landing import LINKS_BY_VISITOR
from wordmouth.stores import services as stores
from wordmouth.visits import queries as visits
from wordmouth.visits import tokens
from wordmouth.visits.tokens import Token

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(world):
    CLAIMS_BY_VISITOR.reset()
    LINKS_BY_VISITOR.reset()
    return Stage(world)


@pytest.fixture
def root(stage):
    return f"/s/{stage.world.store.slug}"


@pytest.fixture
def ana(stage):
    return stage.world.advocate("ana@gmail.com", "Ana")


def text(answer):
    """What a page says, without its markup."""
    plain = re.sub(
        r"<(svg|script|style)\b.*?</\1>|<[^>]+>", " ", answer.content.decode(), flags=re.S
    )
    return " ".join(plain.replace("&#x27;", "'").split())


def pause(stage):
    with stage.world.write():
        programs.set_status("give-10-get-10", "paused", by="test")


def vouch(stage, secret=None, at=None, **more):
    """The token with which the shop vouches for a customer."""
    payload = {"email": "mari@gmail.com", "first_name": "Mari", **more}
    payload.setdefault("iat", int((at or stage.world.clock.now()).timestamp()))
    body = base64.urlsafe_b64encode(json.dumps(payload).encode()).rstrip(b"=")
    key = secret_bytes(secret or stage.world.webhook_secret)
    mac = hmac.new(key, b"wm-customer." + body, hashlib.sha256).digest()
    return body.decode() + "." + base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


class TestLanding:
    def test_it_says_what_the_programme_says(self, client, root):
        said = text(client.get(root))
        for part in (
            "Give 10% off, get €10.00 off.",
            "For orders of €20.00 or more",
            "You get it 14 days after your friend's order has arrived.",
            "How do I join?",
            "A refunded or cancelled order earns nothing",
        ):
            assert part in said

    def test_it_follows_the_programme(self, stage, client, root):
        from tests.world import GIVE_10_GET_10
        from wordmouth.programs.parse import parse_data

        offer = {"key": "control", "friend": {"kind": "free_shipping"}}
        with stage.world.write():
            document = parse_data({**GIVE_10_GET_10, "offers": [offer]})
            programs.apply_document(document, by="test")
        said = text(client.get(root))
        assert "Give a friend free shipping." in said
        assert "When do I get my reward?" not in said

    def test_while_offers_are_tried_out_none_is_promised(self, stage, client, root):
        from tests.world import GIVE_10_GET_10
        from wordmouth.programs.parse import parse_data

        one = GIVE_10_GET_10["offers"][0]
        other = {**one, "key": "other", "friend": {"kind": "percent_off", "value": 15}}
        with stage.world.write():
            programs.apply_document(
                parse_data({**GIVE_10_GET_10, "offers": [one, other]}), by="test"
            )
        said = text(client.get(root))
        assert "both of you are rewarded" in said
        assert "10% off" not in said

    def test_without_a_live_programme_it_says_so(self, stage, client, root):
        pause(stage)
        assert "The programme is taking a break" in text(client.get(root))

    def test_known_and_unknown_addresses_get_the_same_answer(self, stage, client, root, ana):
        known = client.post(root, {"email": "ana@gmail.com"})
        other = client.post(root, {"email": "who@gmail.com"})
        assert known.status_code == other.status_code == 200
        assert text(known).replace("ana@", "who@") == text(other)
        stage.work()
        assert {str(mail["To"]) for mail in stage.mailbox.mails} == {
            "ana@gmail.com",
            "who@gmail.com",
        }

    @pytest.mark.parametrize("email", ["", "mari", "mari@", "a@b@c", "x" * 300 + "@example.com"])
    def test_what_is_no_address_is_said_beside_the_field(self, client, root, email):
        answer = client.post(root, {"email": email})
        assert answer.status_code == 422
        assert "This is not an e-mail address" in text(answer)
        assert b'aria-invalid="true"' in answer.content

    def test_a_flood_is_stopped(self, client, root, no_time_passes):
        answers = [client.post(root, {"email": f"a{n}@gmail.com"}) for n in range(21)]
        assert answers[-1].status_code == 429
        assert int(answers[-1]["Retry-After"]) > 0

    def test_an_unknown_store_is_a_plain_404(self, client):
        assert client.get("/s/nowhere").status_code == 404

    def test_pages_are_kept_by_nobody_and_load_nothing_foreign(self, client, root, ana):
        for address in (root, f"{root}/me", f"{root}/from/{ana.code}"):
            answer = client.get(address)
            assert "no-store" in answer["Cache-Control"]
            assert "default-src 'self'" in answer["Content-Security-Policy"]
            body = answer.content.decode()
            assert not re.search(r"<style|\sstyle=|\son\w+=", body)
            assert not re.search(r'(?:src|href)="(?:https?:)?//(?!shop\.example)', body)


class TestJoin:
    def test_the_shop_vouches_and_one_press_opens_the_page(self, stage, client, root):
        token = vouch(stage)
        asked = client.get(f"{root}/join?customer={token}")
        assert "Hi Mari , get your link" in text(asked)
        with stage.world.read():
            from wordmouth.advocates import queries

            assert queries.page() == []
        done = client.post(f"{root}/join", {"customer": token})
        assert done["Location"] == f"{root}/me"
        assert "Share your link" in text(client.get(done["Location"]))

    @pytest.mark.parametrize(
        "change",
        [
            lambda s: vouch(s, at=s.world.clock.now() - timedelta(hours=25)),
            lambda s: vouch(s, at=s.world.clock.now() + timedelta(hours=1)),
            lambda s: vouch(s, secret="whsec_" + base64.b64encode(b"another").decode()),
            lambda s: vouch(s)[:-2],
            lambda s: vouch(s, email=None),
            lambda s: vouch(s, iat=10**30),
            lambda s: "x.y",
            lambda s: "ä" * 50,
            lambda s: "x" * 5000,
        ],
    )
    def test_a_token_that_proves_nothing_opens_nothing(self, stage, client, root, change):
        token = change(stage)
        assert client.get(f"{root}/join", {"customer": token}).status_code == 410
        assert client.post(f"{root}/join", {"customer": token}).status_code == 410
        assert "wordmouth_me" not in client.cookies

    def test_an_address_that_is_none_opens_nothing(self, stage, client, root):
        token = vouch(stage, email="mari")
        assert client.post(f"{root}/join", {"customer": token}).status_code == 410

    def test_the_mail_makes_an_advocate_once(self, stage, client, root):
        client.post(root, {"email": "mari@gmail.com"})
        stage.work()
        told = stage.mailbox.mails[0].get_body(("plain",)).get_content()
        key = found_in(told, r"/join\?key=(\S+)")
        assert client.get(f"{root}/join", {"key": key}).status_code == 200
        assert client.post(f"{root}/join", {"key": key})["Location"] == f"{root}/me"
        other = Client()
        again = other.post(f"{root}/join", {"key": key})
        assert again["Location"] == f"{root}/me?again=1"
        assert "You have joined already" in text(other.get(again["Location"]))

    def test_without_a_proof_it_leads_to_the_landing_page(self, client, root):
        assert client.get(f"{root}/join")["Location"] == root

    def test_another_stores_key_opens_nothing(self, stage, client, root):
        key = mail_keys.invite_key("str_other", "per_x")
        assert client.get(f"{root}/join", {"key": key}).status_code == 410


class TestFriend:
    def test_it_says_who_sent_the_friend_and_what_they_get(self, client, root, ana):
        said = text(client.get(f"{root}/from/{ana.code.lower()}"))
        assert "Ana recommends Kohvik to you." in said
        assert "10% off your first order" in said
        assert "ana@gmail.com" not in said

    def test_claiming_shows_the_code_and_leads_to_the_shop(self, stage, client, root, ana):
        answer = client.post(f"{root}/from/{ana.code}", {"email": "fe@gmail.com"}, follow=True)
        assert "Your code is on its way" in text(answer)
        stage.work()
        answer = client.get(f"{root}/from/{ana.code}")
        assert "Here is your code" in text(answer)
        with stage.world.read():
            (claim,) = visits.claims_of_advocate(ana.id)
        assert claim.coupon_code in text(answer)
        links = re.findall(r'href="([^"]+)"', answer.content.decode())
        shop = next(link for link in links if "wm=" in link).replace("&amp;", "&")
        asked = parse_qs(urlsplit(shop).query)
        assert asked["coupon"] == [claim.coupon_code]
        token = tokens.read(asked["wm"][0], stage.world.store.id)
        assert token is not None
        assert token.code == ana.code

    def test_the_first_touch_goes_into_the_claim(self, stage, client, root, ana):
        now = stage.world.clock.now()
        touch = Token(store_id=stage.world.store.id, code=ana.code, click="clk_1", at=now)
        client.cookies[f"wm_{stage.world.store.slug}"] = tokens.make(touch)
        page = client.get(f"{root}/from/{ana.code}").content.decode()
        sent = found_in(page, r'name="wm" value="([^"]+)"')
        client.post(f"{root}/from/{ana.code}", {"email": "fe@gmail.com", "wm": sent})
        from wordmouth.visits.models import Claim

        with stage.world.read():
            assert Claim.objects.get().click == "clk_1"

    def test_a_forged_touch_counts_for_nothing(self, stage, client, root, ana):
        client.post(f"{root}/from/{ana.code}", {"email": "fe@gmail.com", "wm": "forged.token"})
        from wordmouth.visits.models import Claim

        with stage.world.read():
            assert Claim.objects.get().click == ""

    def refunded(self, stage, ana, client, root):
        client.post(f"{root}/from/{ana.code}", {"email": "fe@gmail.com"})
        stage.work()
        with stage.world.read():
            (claim,) = visits.claims_of_advocate(ana.id)
        now = stage.world.clock.now()
        codes = (claim.coupon_code,)
        stage.tell(paid("1", "fe@gmail.com", now, codes=codes), "Fe")
        refund = Refund(id="r", amount=5400, at=now)
        later = now + timedelta(hours=1)
        stage.tell(paid("1", "fe@gmail.com", later, codes=codes, refunds=(refund,)), "Fe")
        return claim

    def test_the_friend_can_read_why_it_was_taken_back(self, stage, client, root, ana):
        self.refunded(stage, ana, client, root)
        said = text(client.get(f"{root}/from/{ana.code}"))
        assert "Taken back" in said
        assert "Your order was refunded." in said

    def test_who_only_knows_the_address_cannot(self, stage, client, root, ana):
        claim = self.refunded(stage, ana, client, root)
        stranger = Client()
        stage.world.clock.move(timedelta(minutes=1))
        answer = stranger.post(f"{root}/from/{ana.code}", {"email": "fe@gmail.com"}, follow=True)
        assert claim.coupon_code in text(answer)
        assert "refunded" not in text(answer)

    def test_the_mail_opens_the_whole_story_elsewhere(self, stage, client, root, ana):
        claim = self.refunded(stage, ana, client, root)
        key = mail_keys.claim_key(stage.world.store.id, claim.id)
        answer = Client().get(f"{root}/from/{ana.code}", {"claim": key}, follow=True)
        assert "claim=" not in answer.redirect_chain[0][0]
        assert "Your order was refunded." in text(answer)

    def test_the_coupon_stays_when_the_advocate_has_left(self, stage, client, root, ana):
        client.post(f"{root}/from/{ana.code}", {"email": "fe@gmail.com"})
        stage.work()
        with stage.world.write():
            advocates.leave(ana.id)
        assert "Here is your code" in text(client.get(f"{root}/from/{ana.code}"))
        assert Client().get(f"{root}/from/{ana.code}").status_code == 404

    def test_a_wrong_key_shows_the_offer(self, client, root, ana):
        answer = client.get(f"{root}/from/{ana.code}", {"claim": "nonsense"}, follow=True)
        assert "Get my code" in text(answer)

    def test_ones_own_link_is_recognised(self, stage, client, root, ana):
        token = vouch(stage, email="ana@gmail.com")
        client.post(f"{root}/join", {"customer": token})
        assert "This is your own link" in text(client.get(f"{root}/from/{ana.code}"))

    def test_a_paused_programme_is_kind(self, stage, client, root, ana):
        pause(stage)
        answer = client.get(f"{root}/from/{ana.code}")
        assert "takes no new friends at the moment" in text(answer)
        answer = client.post(f"{root}/from/{ana.code}", {"email": "fe@gmail.com"})
        assert "takes no new friends at the moment" in text(answer)

    def test_another_stores_code_leads_to_nobody(self, client, root, ana, stage):
        other = stores.create_store("Other", slug="other").store
        assert client.get(f"/s/{other.slug}/from/{ana.code}").status_code == 404

    @pytest.mark.parametrize("code", ["NOPE-1", "%00", "x" * 300, "<script>"])
    def test_an_unknown_code_leads_to_nobody(self, client, root, code):
        assert client.get(f"{root}/from/{code}").status_code == 404

    def test_a_wrong_address_keeps_what_was_entered(self, client, root, ana):
        answer = client.post(f"{root}/from/{ana.code}", {"email": 'fe"@'})
        assert answer.status_code == 422
        assert b"fe&quot;@" in answer.content

    def test_the_coupon_alone_is_empty_for_strangers(self, client, root, ana):
        assert client.get(f"{root}/from/{ana.code}/coupon").status_code == 204

    def test_claims_are_limited(self, client, root, ana, no_time_passes):
        for n in range(30):
            client.post(f"{root}/from/{ana.code}", {"email": f"a{n}@gmail.com"})
        answer = client.post(f"{root}/from/{ana.code}", {"email": "b@gmail.com"})
        assert answer.status_code == 429


class TestPortal:
    def key(self, stage, ana):
        with stage.world.write():
            return advocates.portal_key(stage.world.store.id, ana.id)

    @pytest.fixture
    def mine(self, stage, client, root, ana):
        client.post(f"{root}/me", {"key": self.key(stage, ana)})
        return client

    def test_looking_at_the_link_does_not_use_it_up(self, stage, client, root, ana):
        key = self.key(stage, ana)
        for _ in range(3):
            assert "Open my page" in text(client.get(f"{root}/me", {"key": key}))
        assert client.post(f"{root}/me", {"key": key})["Location"] == f"{root}/me"
        assert Client().post(f"{root}/me", {"key": key}).status_code == 410
        assert "was used already" in text(Client().get(f"{root}/me", {"key": key}))

    def test_it_shows_each_step_of_a_friend(self, stage, mine, root, ana):
        stage.friend(ana.code, "fe@gmail.com", "Fe", "1")
        said = text(mine.get(f"{root}/me"))
        assert "F." in said
        assert "Fe " not in said
        assert "fe@gmail.com" not in said
        assert "Your reward is released on March 31" in said
        stage.world.move(31)
        stage.work()
        said = text(mine.get(f"{root}/me"))
        assert "Rewarded" in said
        assert re.search(r"WM-[A-Z0-9-]+", said)
        assert "€10.00" in said

    def test_a_friend_who_has_not_bought_is_shown_as_claimed(self, stage, mine, root, ana):
        stage.world.claim(ana.code, "fe@gmail.com")
        assert "Has your code" in text(mine.get(f"{root}/me"))
        stage.world.move(40)
        assert "Not used in time" in text(mine.get(f"{root}/me"))

    def test_why_something_was_taken_back_can_be_read(self, stage, mine, root, ana):
        codes = stage.friend(ana.code, "fe@gmail.com", "Fe", "1")
        now = stage.world.clock.now()
        refund = Refund(id="r", amount=5400, at=now)
        told = paid("1", "fe@gmail.com", now + timedelta(1), codes=codes, refunds=(refund,))
        stage.tell(told, "Fe")
        said = text(mine.get(f"{root}/me"))
        assert "Taken back" in said
        assert "The friend's order was refunded." in said

    def test_qr_codes_are_for_the_advocate(self, mine, root):
        assert mine.get(f"{root}/me/qr.png").content.startswith(b"\x89PNG")
        assert b"<svg" in mine.get(f"{root}/me/qr.svg").content
        assert Client().get(f"{root}/me/qr.png").status_code == 302

    def test_a_cookie_of_one_store_opens_no_other(self, stage, mine, root):
        other = stores.create_store("Other", slug="other2").store
        mine.cookies["wordmouth_me"]["path"] = "/"
        assert "Send me my link" in text(mine.get(f"/s/{other.slug}/me"))

    def test_a_changed_cookie_opens_nothing(self, mine, root):
        value = mine.cookies["wordmouth_me"].value
        mine.cookies["wordmouth_me"] = "A" + value[1:]
        assert "Send me my link" in text(mine.get(f"{root}/me"))

    def test_the_session_ends_after_ninety_days(self, stage, mine, root):
        stage.world.clock.move(91 * DAY)
        assert "Send me my link" in text(mine.get(f"{root}/me"))

    def test_leaving_stops_the_link(self, mine, root, ana):
        assert "You have left the programme" in text(mine.post(f"{root}/me/leave"))
        assert "Send me my link" in text(mine.get(f"{root}/me"))
        assert mine.get(f"{root}/from/{ana.code}").status_code == 404

    def test_who_left_can_come_back_by_mail(self, stage, mine, root, ana):
        mine.post(f"{root}/me/leave")
        mine.post(f"{root}/me", {"email": "ana@gmail.com"})
        stage.work()
        told = stage.mailbox.mails[-1].get_body(("plain",)).get_content()
        key = found_in(told, r"/join\?key=(\S+)")
        mine.post(f"{root}/join", {"key": key})
        assert ana.code in text(mine.get(f"{root}/me"))

    def test_signing_out_closes_the_page(self, mine, root):
        assert mine.get(f"{root}/me/sign-out").status_code == 405
        mine.post(f"{root}/me/sign-out")
        assert "Send me my link" in text(mine.get(f"{root}/me"))

    def test_changes_need_the_token_against_forgery(self, stage, root, ana):
        strict = Client(enforce_csrf_checks=True)
        for address in (root, f"{root}/me", f"{root}/from/{ana.code}", f"{root}/me/leave"):
            assert strict.post(address, {"email": "a@gmail.com"}).status_code == 403


class TestUnsubscribe:
    def test_looking_changes_nothing_one_click_does(self, stage, root):
        store_id = stage.world.store.id
        digest = suppression.digest("mari@gmail.com")
        address = f"{root}/unsubscribe/{mail_keys.stop_key(store_id, digest)}"
        strict = Client(enforce_csrf_checks=True)
        assert "No more mails?" in text(strict.get(address))
        done = strict.post(address, {"List-Unsubscribe": "One-Click"})
        assert "You get no more mails" in text(done)
        assert "You get no more mails" in text(strict.get(address))
        assert "No more mails?" in text(strict.post(address, {"again": "1"}))

    def test_a_wrong_key_changes_nothing(self, client, root):
        assert client.post(f"{root}/unsubscribe/nonsense").status_code == 404
        key = mail_keys.stop_key("str_other", "00")
        assert client.post(f"{root}/unsubscribe/{key}").status_code == 404


def test_the_sign_is_the_first_letter(stage, client, root):
    stores.update_store(stage.world.store.id, name="<Kohvik")
    answer = client.get(f"{root}/icon.svg")
    assert answer["Content-Type"].startswith("image/svg+xml")
    assert b">&lt;</text>" in answer.content
    assert b"#a4451f" in answer.content
    assert client.get("/s/nowhere/icon.svg").status_code == 404


def test_the_brand_is_a_style_sheet(stage, client, root):
    answer = client.get(f"{root}/brand.css")
    assert answer["Content-Type"].startswith("text/css")
    assert "--accent: light-dark(#a4451f, " in answer.content.decode()
