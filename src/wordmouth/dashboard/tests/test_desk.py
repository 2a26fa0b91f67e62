"""The desk by its answers: who may see what, and what a merchant can decide."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from tests.stage import Stage, found_in
from wordmouth.dashboard.views.entrance import TRIES_BY_NAME, TRIES_BY_VISITOR
from wordmouth.inbox import queries as inbox_queries
from wordmouth.inbox import services as inbox
from wordmouth.outbox import queries as outbox_queries
from wordmouth.outbox import services as outbox
from wordmouth.outbox.facts import EffectRequest
from wordmouth.programs import queries as programs
from wordmouth.project.settle import settle_store
from wordmouth.referrals import queries as referrals
from wordmouth.stores import services as stores

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
PAGES = ("", "/referrals", "/referrals/{referral}", "/programme", "/deliveries", "/effects")


@pytest.fixture
def stage(world):
    TRIES_BY_NAME.reset()
    TRIES_BY_VISITOR.reset()
    stage = Stage(world)
    stores.add_member(world.store.id, "mari", PASSWORD)
    return stage


@pytest.fixture
def root(stage):
    return f"/desk/{stage.world.store.slug}"


@pytest.fixture
def mari(stage):
    client = Client()
    client.post("/desk/login", {"username": "mari", "password": PASSWORD})
    return client


@pytest.fixture
def referral(stage):
    ana = stage.world.advocate("ana@gmail.com", "Ana")
    stage.friend(ana.code, "fe@gmail.com", "Fe", "1")
    (found,) = stage.referral_ids()
    return found


def text(answer):
    plain = re.sub(r"<(svg|style)\b.*?</\1>|<[^>]+>", " ", answer.content.decode(), flags=re.S)
    return " ".join(plain.replace("&#x27;", "'").replace("&quot;", '"').split())


class TestEntrance:
    def test_every_page_asks_who_is_there(self, stage, root, referral):
        for page in PAGES:
            address = root + page.format(referral=referral)
            answer = Client().get(address)
            assert answer.status_code == 302
            assert answer["Location"] == f"/desk/login?next={address}"

    def test_a_member_of_another_store_finds_nothing(self, stage, root, referral):
        other = stores.create_store("Other", slug="other-shop").store
        stores.add_member(other.id, "pille", PASSWORD)
        pille = Client()
        pille.post("/desk/login", {"username": "pille", "password": PASSWORD})
        for page in PAGES:
            address = root + page.format(referral=referral)
            assert pille.get(address).status_code == 404
            sent = {"decision": "reject", "reason": "x"}
            assert pille.post(address, sent).status_code in (404, 405)
        own = f"/desk/{other.slug}/referrals/{referral}"
        assert pille.get(own).status_code == 404
        assert pille.post(own, {"decision": "reject", "reason": "x"}).status_code == 404
        with stage.world.read():
            assert referrals.referral(referral).status == "pending"

    def test_a_user_without_a_store_is_told_so(self, stage, django_user_model):
        django_user_model.objects.create_user("new", password=PASSWORD)
        client = Client()
        client.post("/desk/login", {"username": "new", "password": PASSWORD})
        assert "No store is open to you yet" in text(client.get("/desk"))

    def test_one_store_is_opened_at_once_several_are_offered(self, stage, mari, root):
        assert mari.get("/desk")["Location"] == root
        other = stores.create_store("Second", slug="second-shop").store
        stores.add_member(other.id, "mari", PASSWORD)
        said = text(mari.get("/desk"))
        assert "Kohvik" in said
        assert "Second" in said

    def test_a_wrong_password_is_refused_and_soon_has_to_wait(self, stage):
        client = Client()
        for _ in range(8):
            answer = client.post("/desk/login", {"username": "mari", "password": "wrong"})
            assert answer.status_code == 422
        answer = client.post("/desk/login", {"username": "Mari", "password": PASSWORD})
        assert answer.status_code == 429
        stage.world.clock.move(timedelta(seconds=int(answer["Retry-After"])))
        answer = client.post("/desk/login", {"username": "mari", "password": PASSWORD})
        assert answer.status_code == 302

    @pytest.mark.parametrize(
        ("wanted", "reached"),
        [
            ("/desk/x/effects", "/desk/x/effects"),
            ("https://evil.example/", "/desk"),
            ("//e.x", "/desk"),
        ],
    )
    def test_it_leads_on_inside_the_site_only(self, stage, wanted, reached):
        sent = {"username": "mari", "password": PASSWORD, "next": wanted}
        assert Client().post("/desk/login", sent)["Location"] == reached

    def test_signing_out(self, mari, root):
        assert mari.get("/desk/logout").status_code == 405
        mari.post("/desk/logout")
        assert mari.get(root).status_code == 302

    def test_changes_need_the_token_against_forgery(self, stage, mari, root, referral):
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = mari.cookies
        for page in ("/programme", "/programme/status", "/deliveries", "/effects"):
            assert strict.post(root + page, {}).status_code == 403
        assert strict.post(f"{root}/referrals/{referral}", {}).status_code == 403


class TestOverview:
    def test_it_counts(self, stage, mari, root, referral):
        said = text(mari.get(root))
        assert "Give 10% off, get €10.00 off." in said
        assert "Offers claimed 1" in said
        assert "Pending 1" in said
        assert "EUR €10.00 €0.00" in said

    def test_without_a_programme_it_says_what_to_do(self, stage):
        other = stores.create_store("Empty", slug="empty-shop").store
        stores.add_member(other.id, "pille", PASSWORD)
        client = Client()
        client.post("/desk/login", {"username": "pille", "password": PASSWORD})
        assert "No programme yet" in text(client.get(f"/desk/{other.slug}"))
        assert 'slug = "give-10-get-10"' in text(client.get(f"/desk/{other.slug}/programme"))


class TestReferrals:
    def test_the_table_can_be_narrowed_down(self, stage, mari, root, referral):
        assert "#1" in text(mari.get(f"{root}/referrals"))
        assert "#1" in text(mari.get(f"{root}/referrals?status=pending"))
        assert "None here." in text(mari.get(f"{root}/referrals?status=voided"))
        assert "#1" in text(mari.get(f"{root}/referrals?status=nonsense"))

    def test_pages_lead_on(self, stage, mari, root, monkeypatch):
        from wordmouth.dashboard.views import referrals as views

        monkeypatch.setattr(views, "PAGE", 2)
        ana = stage.world.advocate("ana@gmail.com", "Ana")
        for n in range(3):
            stage.friend(ana.code, f"fe{n}@gmail.com", "Fe", f"77{n}")
            stage.world.clock.move(timedelta(seconds=1))
        first = mari.get(f"{root}/referrals")
        older = found_in(first.content.decode(), r'href="([^"]+after=[^"]+)"')
        assert "#770" not in text(first)
        assert "#770" in text(mari.get(older.replace("&amp;", "&")))

    def test_one_tells_its_story(self, stage, mari, root, referral):
        said = text(mari.get(f"{root}/referrals/{referral}"))
        assert "The friend placed an order." in said
        assert "The reward will be released on" in said
        assert "fe@gmail.com" in said
        assert "version 1, offer control" in said

    def test_rejecting_takes_the_reward_back_and_keeps_the_reason(
        self, stage, mari, root, referral
    ):
        address = f"{root}/referrals/{referral}"
        done = mari.post(address, {"decision": "reject", "reason": "A colleague\nof ours"})
        assert done.status_code == 302
        said = text(mari.get(address))
        assert "The shop rejected the recommendation: A colleague of ours" in said
        assert "Rejected" in said
        assert "Withdrawn" in said
        done = mari.post(address, {"decision": "approve", "reason": "Not a colleague"})
        with stage.world.read():
            assert referrals.referral(referral).status == "pending"

    @pytest.mark.parametrize(
        ("sent", "problem"),
        [
            ({"decision": "reject", "reason": "  "}, "Say why"),
            ({"decision": "burn", "reason": "x"}, "Choose whether"),
            ({"decision": "approve", "reason": "x"}, "can be approved"),
        ],
    )
    def test_what_cannot_be_decided_is_said(self, stage, mari, root, referral, sent, problem):
        answer = mari.post(f"{root}/referrals/{referral}", sent)
        assert answer.status_code == 422
        assert problem in text(answer)
        with stage.world.read():
            assert referrals.referral(referral).status == "pending"

    def test_an_unknown_one_is_a_404(self, mari, root):
        assert mari.get(f"{root}/referrals/ref_none").status_code == 404


class TestProgram:
    def document(self, mari, root):
        page = mari.get(f"{root}/programme").content.decode()
        body = found_in(page, r"<textarea[^>]*>\n(.*?)</textarea>")
        return body.replace("&quot;", '"').replace("&#x27;", "'")

    def test_the_same_document_changes_nothing(self, mari, root):
        sent = {"document": self.document(mari, root)}
        done = mari.post(f"{root}/programme", sent)
        assert done["Location"] == f"{root}/programme?done=same"

    def test_new_terms_make_a_new_version(self, stage, mari, root):
        changed = self.document(mari, root).replace("days = 14", "days = 30").replace("\n", "\r\n")
        done = mari.post(f"{root}/programme", {"document": changed})
        assert done["Location"] == f"{root}/programme?done=saved"
        said = text(mari.get(f"{root}/programme"))
        assert "version 2" in said
        assert "30 days after" in said

    def test_problems_name_their_line_and_keep_the_text(self, mari, root):
        broken = self.document(mari, root).replace('"percent_off"', '"percent"')
        answer = mari.post(f"{root}/programme", {"document": broken})
        assert answer.status_code == 422
        said = text(answer)
        assert re.search(r"line 1\d, offers\[0\]\.friend\.kind: .*did you mean percent_off", said)
        assert 'kind = "percent",' in said

    @pytest.mark.parametrize("document", ["", "= = =", "x" * 70_000, "\x00", 'slug = "a"'])
    def test_nonsense_is_refused_in_words(self, mari, root, document):
        answer = mari.post(f"{root}/programme", {"document": document})
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()

    def test_pause_and_resume(self, stage, mari, root):
        move = {"program": "give-10-get-10", "move": "pause"}
        mari.post(f"{root}/programme/status", move)
        with stage.world.read():
            assert programs.live_program() is None
        assert "Resume" in text(mari.get(f"{root}/programme"))
        mari.post(f"{root}/programme/status", {**move, "move": "resume"})
        with stage.world.read():
            assert programs.live_program() is not None

    @pytest.mark.parametrize(
        "sent", [{"program": "none", "move": "pause"}, {"program": "give-10-get-10", "move": "x"}]
    )
    def test_a_move_that_is_none_is_refused(self, mari, root, sent):
        assert mari.post(f"{root}/programme/status", sent).status_code == 422


class TestOperations:
    def test_a_refused_delivery_can_be_tried_again(self, stage, mari, root):
        store_id = stage.world.store.id
        with stage.world.write():
            inbox.receive(store_id, "generic", "d", {}, b'{"type": "order.snapshot", "data": {}}')
        settle_store(store_id)
        page = mari.get(f"{root}/deliveries?state=refused")
        assert "is required" in text(page)
        (delivery,) = re.findall(r'name="id" value="([^"]+)"', page.content.decode())
        assert mari.post(f"{root}/deliveries", {"id": delivery}).status_code == 302
        with stage.world.read():
            assert inbox_queries.unsettled_by_state() == {"received": 1}

    def test_a_dead_effect_can_be_revived(self, stage, mari, root):
        with stage.world.write():
            outbox.enqueue([EffectRequest(key="k", kind="nobody.knows", payload={})])
        (leased,) = outbox.lease(stage.world.store.id, 1)
        with stage.world.write():
            outbox.hopeless(leased, "Nobody knows how.")
        page = mari.get(f"{root}/effects?state=dead")
        assert "Nobody knows how." in text(page)
        assert mari.post(f"{root}/effects", {"id": leased.id}).status_code == 302
        with stage.world.read():
            assert outbox_queries.health().dead == 0

    @pytest.mark.parametrize("place", ["deliveries", "effects"])
    def test_what_cannot_be_tried_again_is_said(self, mari, root, place):
        answer = mari.post(f"{root}/{place}", {"id": "none"})
        assert answer.status_code == 409
        assert 'role="alert"' in answer.content.decode()

    @pytest.mark.parametrize(
        "asked", ["before=x", "before=99999999999999999999", "after=x", "state=x"]
    )
    def test_strange_questions_are_harmless(self, mari, root, asked):
        assert mari.get(f"{root}/deliveries?{asked}").status_code == 200
        assert mari.get(f"{root}/effects?{asked}").status_code == 200
