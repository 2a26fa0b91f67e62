"""Early access, gift cards and own rewards on the pages: shown to their holder, to nobody else."""

from datetime import timedelta

import pytest
from django.test import Client

from wordmouth.advocates import services as advocates
from wordmouth.fulfilment.tests.test_access import CATEGORY, PRODUCT, early
from wordmouth.fulfilment.tests.test_carriers import carrying_out, issuing, run
from wordmouth.messages import registry as mail
from wordmouth.messages import tokens
from wordmouth.project.effects import Lane
from wordmouth.stores import services as stores
from wordmouth.stores.transactions import store_write

pytestmark = pytest.mark.django_db


def path_of(url):
    return "/s/" + url.partition("/s/")[2]


def friends_page(tea, reward, *, own=True):
    """The friend's page, by the key from their mail or by entering their address again."""
    client = Client()
    address = f"/s/{tea.made.store.slug}/from/{tea.code}"
    if own:
        client.get(f"{address}?claim={tokens.claim_key(tea.store_id, reward.claim_id)}")
    else:
        client.post(address, {"email": "friend1@example.com"})
    return client.get(address).content.decode()


def portal(tea):
    with store_write(tea.store_id):
        key = advocates.portal_key(tea.store_id, tea.reward_of_ana.advocate_id)
    client = Client()
    address = f"/s/{tea.made.store.slug}/me"
    client.post(address, {"key": key})
    return client.get(address).content.decode()


def test_the_page_says_what_is_opened_until_when_and_leads_to_the_shop():
    with early(PRODUCT, helps=False) as tea:
        stores.update_store(tea.store_id, shop_url="https://shop.example/start?lang=et")
        reward = tea.claim()
        run(tea)
        url = tea.held(reward).url
        response = Client().get(path_of(url))
        text = response.content.decode()
        assert response.status_code == 200
        assert "Winter teas" in text
        assert "Winter tea</bdi>" in text, "the product by its name"
        assert "24 December" in text or "December 24" in text
        token = url.rpartition("/")[2]
        assert f"https://shop.example/start?lang=et&amp;wm_access={token}" in text
        assert response["Referrer-Policy"] == "no-referrer"
        assert "no-store" in response["Cache-Control"]
        assert "friend1@example.com" not in text


def test_a_category_is_named():
    with early(CATEGORY, helps=False) as tea:
        reward = tea.claim()
        run(tea)
        text = Client().get(path_of(tea.held(reward).url)).content.decode()
        assert "It opens everything in <bdi>Drinks</bdi>." in text


def test_a_closed_way_in_says_so_whatever_the_cause():
    with early(PRODUCT, helps=False) as tea:
        reward = tea.claim()
        run(tea)
        path = path_of(tea.held(reward).url)
        told = {Client().get(path[:-1] + ("A" if path[-1] != "A" else "B")).content}
        told.add(Client().get(f"/s/{tea.made.store.slug}/access/nonsense").content)
        tea.tell(reward, "withdrawn")
        response = Client().get(path)
        told.add(response.content)
        assert response.status_code == 404
        assert "Winter" not in response.content.decode()
        assert len({page.replace(b"\n", b"") for page in told}) == 1


def test_the_friends_page_has_the_way_in():
    with early(PRODUCT, helps=False) as tea:
        reward = tea.claim()
        assert "It is being made for you" in friends_page(tea, reward)
        run(tea)
        text = friends_page(tea, reward)
        assert path_of(tea.held(reward).url) in text
        assert "See what it opens" in text
        assert reward.code not in text, "there is no code to enter"


def test_the_advocates_page_has_the_way_in():
    with early(PRODUCT, helps=False) as tea:
        tea.reward_of_ana = tea.earned()
        run(tea)
        assert path_of(tea.held(tea.reward_of_ana).url) in portal(tea)


def test_who_enters_somebodys_address_does_not_get_their_way_in():
    with early(PRODUCT, helps=False) as tea:
        reward = tea.claim()
        run(tea)
        tea.standing.move(timedelta(seconds=1))
        assert "/access/" not in friends_page(tea, reward, own=False)


def test_a_gift_card_is_shown_on_its_holders_page_alone():
    with issuing() as tea:
        tea.reward_of_ana = tea.earned()
        run(tea)
        text = portal(tea)
        assert "SECRET-1" in text
        assert "https://cards.example/1" in text
        assert "Enter the code at the till." in text
        tea.tell(tea.reward_of_ana, "withdrawn")
        text = portal(tea)
        assert "SECRET-1" not in text
        assert "cards.example" not in text


def test_a_friends_gift_card_goes_to_their_mailbox_alone(monkeypatch):
    """Whoever claims may enter somebody else's address, so the page never shows it."""
    sent = []
    with issuing() as tea:
        reward = tea.claim()
        assert "when you have bought" in friends_page(tea, reward)
        tea.tell(reward, "due")
        monkeypatch.setattr(
            mail, "_mailer", type("Box", (), {"send": lambda self, one: sent.append(one)})()
        )
        worker = Lane()
        while worker.step():
            pass
        for own in (True, False):
            text = friends_page(tea, reward, own=own)
            assert "SECRET-1" not in text
            assert "cards.example" not in text
        # `tell` speaks of the reward as an advocate's; its row is the friend's.
        letters = [one for one in sent if "SECRET-1" in str(one)]
        assert len(letters) == 1
        assert "friend1@example.com" in str(letters[0])


def test_what_the_shops_own_program_says_is_shown_and_cannot_break_out():
    with carrying_out() as tea:
        tea.program.answers = {
            "text": "Row <b>7</b>\nThank you",
            "url": "https://forest.example/?a=1&b=2",
        }
        tea.reward_of_ana = tea.earned(details={"name": "tree"})
        run(tea)
        text = portal(tea)
        assert "Row &lt;b&gt;7&lt;/b&gt;<br>Thank you" in text
        assert 'href="https://forest.example/?a=1&amp;b=2"' in text
