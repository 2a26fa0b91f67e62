"""Which occasions make which mails, once each, and what the mails hold."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.stage import Stage, found_in
from tests.world import DAY, order, paid
from wordmouth.kit.signing import BadSignature
from wordmouth.messages import registry, services, suppression, tokens
from wordmouth.messages.handlers import send_given_up, send_mail
from wordmouth.messages.models import Message
from wordmouth.messages.ports import MailRefused, MailUnreachable
from wordmouth.orders.snapshot import Refund
from wordmouth.outbox import services as outbox
from wordmouth.outbox.errors import Hopeless, TryLater
from wordmouth.people import services as people
from wordmouth.people.snapshot import CustomerSnapshot
from wordmouth.programs import services as programs

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(world):
    yield Stage(world)
    registry.install(None)


def kinds(stage):
    """The kinds of the mails that were sent, in order."""
    with stage.world.read():
        rows = list(Message.objects.filter(state="sent").order_by("sent_at", "id"))
    return [row.kind for row in rows]


def sent(stage, to):
    return [mail for mail in stage.mailbox.mails if str(mail["To"]) == to]


def text_of(mail):
    return mail.get_body(("plain",)).get_content()


def html_of(mail):
    return mail.get_body(("html",)).get_content()


def claimed(stage, email="friend@gmail.com"):
    ana = stage.world.advocate("ana@gmail.com", "Ana")
    claim = stage.world.claim(ana.code, email)
    stage.work()
    return ana, claim


class TestInvite:
    def test_a_paid_order_makes_one_invitation(self, stage):
        now = stage.world.clock.now()
        stage.tell(paid("1", "mari@gmail.com", now), "Mari")
        stage.tell(paid("1", "mari@gmail.com", now + timedelta(hours=1)), "Mari")
        (mail,) = sent(stage, "mari@gmail.com")
        assert str(mail["Subject"]) == "Give 10% off, get €10.00 off."
        assert "Hi Mari, thank you for your order at Kohvik." in text_of(mail)

    def test_an_unpaid_order_makes_none_until_it_is_paid(self, stage):
        now = stage.world.clock.now()
        stage.tell(order("1", email="mari@gmail.com", updated=now, placed_at=now), "Mari")
        assert stage.mailbox.mails == []
        stage.tell(paid("1", "mari@gmail.com", now + timedelta(hours=1)), "Mari")
        assert len(stage.mailbox.mails) == 1

    @pytest.mark.parametrize(
        "snapshot",
        [
            lambda now: paid("1", "mari@gmail.com", now, is_test=True),
            lambda now: paid("1", "mari@gmail.com", now, cancelled_at=now),
            lambda now: paid("1", "mari@gmail.com", now - 31 * DAY),
            lambda now: paid(
                "1", "mari@gmail.com", now, refunds=(Refund(id="r", amount=5400, at=now),)
            ),
        ],
        ids=["test", "cancelled", "long ago", "refunded"],
    )
    def test_what_is_no_fresh_sale_makes_none(self, stage, snapshot):
        stage.tell(snapshot(stage.world.clock.now()), "Mari")
        assert stage.mailbox.mails == []

    def test_imported_history_makes_none(self, stage):
        stage.world.tell(paid("1", "mari@gmail.com", stage.world.clock.now()), imported=True)
        stage.work()
        assert stage.mailbox.mails == []

    def test_an_advocate_gets_none(self, stage):
        stage.world.advocate("mari@gmail.com", "Mari")
        stage.tell(paid("1", "m.ari@gmail.com", stage.world.clock.now()), "Mari")
        assert stage.mailbox.mails == []

    def test_at_most_one_in_thirty_days(self, stage):
        clock = stage.world.clock
        stage.tell(paid("1", "mari@gmail.com", clock.now()), "Mari")
        clock.move(29 * DAY)
        stage.tell(paid("2", "mari@gmail.com", clock.now()), "Mari")
        assert len(stage.mailbox.mails) == 1
        clock.move(2 * DAY)
        stage.tell(paid("3", "mari@gmail.com", clock.now()), "Mari")
        assert len(stage.mailbox.mails) == 2

    def test_two_orders_at_once_make_one(self, stage):
        now = stage.world.clock.now()
        stage.world.tell(paid("1", "mari@gmail.com", now), paid("2", "mari@gmail.com", now))
        stage.work()
        assert len(stage.mailbox.mails) == 1

    def test_without_a_live_programme_there_is_none(self, stage):
        with stage.world.write():
            programs.set_status("give-10-get-10", "paused", by="test")
        stage.tell(paid("1", "mari@gmail.com", stage.world.clock.now()), "Mari")
        assert stage.mailbox.mails == []

    def test_a_friend_is_told_whose_turn_it_is(self, stage):
        _, claim = claimed(stage, "mari@gmail.com")
        told = paid("1", "mari@gmail.com", stage.world.clock.now(), codes=(claim.coupon_code,))
        stage.tell(told, "Mari")
        invite = sent(stage, "mari@gmail.com")[-1]
        assert "Ana sent you to us: now it is your turn." in text_of(invite)


class TestTheWay:
    def test_a_friend_gets_the_code_once_the_shop_has_it(self, stage):
        _ana, claim = claimed(stage)
        (mail,) = sent(stage, "friend@gmail.com")
        assert str(mail["Subject"]) == "Your code for Kohvik: 10% off"
        assert claim.coupon_code in text_of(mail)
        assert claim.coupon_code in html_of(mail)
        assert "Ana got you 10% off" in text_of(mail)
        link = found_in(text_of(mail), r"https?://\S+/from/\S+")
        key = link.partition("claim=")[2]
        assert tokens.opened_claim(stage.world.store.id, key) == claim.id

    def test_from_the_order_to_the_reward(self, stage):
        _ana, claim = claimed(stage)
        now = stage.world.clock.now()
        stage.tell(paid("1", "friend@gmail.com", now, codes=(claim.coupon_code,)), "Fe")
        (pending,) = sent(stage, "ana@gmail.com")
        assert "F. followed your recommendation and placed an order." in text_of(pending)
        assert "Your reward is released on March 31" in text_of(pending)
        stage.world.move(31)
        stage.work()
        ready = sent(stage, "ana@gmail.com")[-1]
        assert str(ready["Subject"]) == "Your reward is ready: €10.00 off"
        code = found_in(text_of(ready), r"WM-[A-Z0-9-]+")
        assert stage.shop.made[code] == "active"
        assert "friend@gmail.com" not in text_of(ready) + text_of(pending)

    def test_a_refund_is_told_with_its_reason(self, stage):
        _ana, claim = claimed(stage)
        now = stage.world.clock.now()
        stage.tell(paid("1", "friend@gmail.com", now, codes=(claim.coupon_code,)), "Fe")
        stage.world.move(31)
        stage.work()
        code = found_in(text_of(sent(stage, "ana@gmail.com")[-1]), r"WM-[A-Z0-9-]+")
        refund = Refund(id="r", amount=5400, at=now)
        told = paid(
            "1", "friend@gmail.com", now + DAY, codes=(claim.coupon_code,), refunds=(refund,)
        )
        stage.tell(told, "Fe")
        back = sent(stage, "ana@gmail.com")[-1]
        assert str(back["Subject"]) == "A reward at Kohvik was taken back"
        assert "The friend's order was refunded." in text_of(back)
        assert f"The code {code} no longer works." in text_of(back)
        assert stage.shop.made[code] == "revoked"

    def test_a_self_referral_is_told_kindly(self, stage):
        ana = stage.world.advocate("ana@gmail.com", "Ana")
        now = stage.world.clock.now()
        stage.tell(paid("1", "a.na+x@gmail.com", now, codes=(ana.code,)), "Ana")
        mails = [mail for mail in stage.mailbox.mails if "does not count" in text_of(mail)]
        (mail,) = mails
        assert "Your own orders do not count" in text_of(mail)

    def test_why_a_friend_does_not_count_tells_nothing_about_them(self, stage):
        now = stage.world.clock.now()
        stage.tell(paid("0", "old@gmail.com", now - DAY), "Olga")
        ana = stage.world.advocate("ana@gmail.com", "Ana")
        stage.tell(paid("1", "old@gmail.com", now, codes=(ana.code,)), "Olga")
        (mail,) = sent(stage, "ana@gmail.com")
        assert "The offer is for people who are new to the shop." in text_of(mail)
        assert "old@gmail.com" not in text_of(mail)
        assert "Olga" not in text_of(mail)

    def test_of_an_old_order_told_late_only_the_reward_is_news(self, stage):
        ana = stage.world.advocate("ana@gmail.com", "Ana")
        stage.world.clock.move(60 * DAY)
        long_ago = stage.world.clock.now() - 50 * DAY
        stage.tell(paid("1", "late@gmail.com", long_ago, codes=(ana.code,)), "La")
        assert kinds(stage) == ["reward_ready"]


class TestLinks:
    def ask(self, stage, email):
        with stage.world.write():
            services.ask_for_link(stage.world.store.id, email)
        stage.work()

    def test_an_advocate_gets_a_key_that_works_once(self, stage):
        stage.world.advocate("ana@gmail.com", "Ana")
        self.ask(stage, "ana@gmail.com")
        (mail,) = sent(stage, "ana@gmail.com")
        assert re.search(r"/s/[\w-]+/me\?key=\S{32}", text_of(mail))

    def test_anybody_else_gets_a_way_to_join(self, stage):
        self.ask(stage, "new@gmail.com")
        (mail,) = sent(stage, "new@gmail.com")
        key = found_in(text_of(mail), r"/join\?key=(\S+)")
        person = tokens.invited_person(stage.world.store.id, key)
        with stage.world.read():
            assert person == Message.objects.get(kind="portal_link").person_id

    def test_asking_again_and_again_sends_one_in_ten_minutes(self, stage):
        for _ in range(5):
            self.ask(stage, "new@gmail.com")
        assert len(stage.mailbox.mails) == 1
        stage.world.clock.move(timedelta(minutes=11))
        self.ask(stage, "new@gmail.com")
        assert len(stage.mailbox.mails) == 2

    def test_keys_are_of_one_store_and_of_their_time(self, stage):
        key = tokens.invite_key("str_a", "per_a")
        with pytest.raises(BadSignature):
            tokens.invited_person("str_b", key)
        with pytest.raises(BadSignature):
            tokens.invited_person("str_a", key[:-1] + ("A" if key[-1] != "A" else "B"))
        with pytest.raises(BadSignature):
            tokens.opened_claim("str_a", key)
        stage.world.clock.move(61 * DAY)
        with pytest.raises(BadSignature):
            tokens.invited_person("str_a", key)


class TestSending:
    def message(self, stage, email="mari@gmail.com", name="Mari"):
        """A message that waits, as the worker gets it."""
        stage.world.tell(paid("1", email, stage.world.clock.now()))
        with stage.world.write():
            customer = CustomerSnapshot(email=email, first_name=name)
            people.resolve(stage.world.store.id, [customer])
        (effect,) = outbox.lease(stage.world.store.id, 1)
        return effect

    def state(self, stage):
        with stage.world.read():
            return Message.objects.get().state

    def test_the_headers_are_those_of_a_well_behaved_robot(self, stage):
        effect = self.message(stage)
        send_mail(effect)
        (mail,) = stage.mailbox.mails
        assert mail["Auto-Submitted"] == "auto-generated"
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert re.fullmatch(r"<http\S+/unsubscribe/\S+>", str(mail["List-Unsubscribe"]))
        assert str(mail["Message-ID"]).startswith(f"<{effect.payload['message']}@")
        assert mail["From"].addresses[0].display_name == "Kohvik"
        assert len(mail.as_bytes()) < 100_000

    def test_a_retry_after_success_sends_nothing(self, stage):
        effect = self.message(stage)
        assert send_mail(effect)["state"] == "sent"
        assert send_mail(effect)["state"] == "sent"
        assert len(stage.mailbox.mails) == 1

    def test_who_said_stop_is_not_written_to(self, stage):
        effect = self.message(stage)
        with stage.world.write():
            suppression.stop(suppression.digest("m.a.r.i@googlemail.com"), "unsubscribed")
        assert send_mail(effect)["state"] == "suppressed"
        assert stage.mailbox.mails == []
        assert self.state(stage) == "suppressed"

    def test_an_address_that_refuses_is_not_tried_again(self, stage):
        class Refuses:
            def send(self, mail):
                raise MailRefused("550 no such user")

        registry.install(Refuses())
        effect = self.message(stage)
        with pytest.raises(Hopeless, match="550"):
            send_mail(effect)
        assert self.state(stage) == "failed"
        with stage.world.read():
            assert suppression.is_stopped(suppression.digest("mari@gmail.com"))

    def test_a_mail_server_that_is_away_is_tried_later(self, stage):
        class Away:
            def send(self, mail):
                raise MailUnreachable("421 later")

        registry.install(Away())
        effect = self.message(stage)
        with pytest.raises(TryLater, match="421"):
            send_mail(effect)
        assert self.state(stage) == "waiting"

    def test_a_message_that_was_given_up_can_still_be_sent(self, stage):
        mailer = registry.mailer()
        effect = self.message(stage)
        with stage.world.write():
            send_given_up(effect, "421 later")
        assert self.state(stage) == "failed"
        registry.install(mailer)
        send_mail(effect)
        assert self.state(stage) == "sent"

    def test_nothing_is_said_when_it_is_no_longer_true(self, stage):
        effect = self.message(stage)
        with stage.world.write():
            programs.set_status("give-10-get-10", "paused", by="test")
        assert send_mail(effect)["state"] == "suppressed"

    @pytest.mark.parametrize(
        "name",
        ["Mari\r\nBcc: all@example.com", "Mari\nX: y", "\u202eiraM", "<b>Mari</b>", "x" * 500],
    )
    def test_a_name_adds_no_header_and_no_markup(self, stage, name):
        send_mail(self.message(stage, name=name))
        (mail,) = stage.mailbox.mails
        head = mail.as_bytes().partition(b"\r\n\r\n")[0]
        assert b"\r\nBcc" not in head
        assert b"\r\nX:" not in head
        assert mail["Bcc"] is None
        assert "<b>Mari" not in html_of(mail)
        assert "\u202e" not in html_of(mail)

    def test_a_shop_name_adds_no_header(self, stage):
        from wordmouth.stores import services as stores

        stores.update_store(stage.world.store.id, name="Bad\r\nBcc: all@example.com, <x>")
        send_mail(self.message(stage))
        (mail,) = stage.mailbox.mails
        assert mail["Bcc"] is None
        assert b"\r\nBcc" not in mail.as_bytes().partition(b"\r\n\r\n")[0]

    def test_text_and_html_say_the_same_and_load_nothing(self, stage):
        send_mail(self.message(stage))
        (mail,) = stage.mailbox.mails
        html, text = html_of(mail), text_of(mail)
        links = set(re.findall(r'href="([^"]+)"', html))
        assert all(link.startswith("http") and link in text for link in links)
        assert "src=" not in html
        assert "url(" not in html
        assert 'lang="en" dir="ltr"' in html
        assert "{{" not in html + text


def test_unsubscribing_can_be_taken_back(stage):
    store_id = stage.world.store.id
    key = tokens.stop_key(store_id, suppression.digest("mari@gmail.com"))
    with stage.world.write():
        services.unsubscribe(store_id, key)
        services.unsubscribe(store_id, key)
        assert services.is_unsubscribed(store_id, key)
        services.resubscribe(store_id, key)
        assert not services.is_unsubscribed(store_id, key)
        suppression.stop(suppression.digest("mari@gmail.com"), suppression.REFUSED)
        services.resubscribe(store_id, key)
        assert services.is_unsubscribed(store_id, key)


def test_every_kind_has_its_section_in_the_docs():
    from tests.floor_plan.plan import ROOT
    from wordmouth.messages.kinds import KINDS

    told = set(re.findall(r"^### `(\w+)`", (ROOT / "docs/messages.md").read_text(), re.M))
    assert told == set(KINDS)
