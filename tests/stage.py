"""A store in the middle of its life, for pages to show: friends at every step of the way."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from tests.world import DAY, World, at, order, paid
from wordmouth.advocates.facts import AdvocateFacts
from wordmouth.fulfilment import queries as fulfilment
from wordmouth.fulfilment import registry
from wordmouth.fulfilment.ports import CouponSpec, CouponState
from wordmouth.messages import registry as mail
from wordmouth.orders.snapshot import Refund
from wordmouth.people.snapshot import CustomerSnapshot
from wordmouth.project.effects import Lane
from wordmouth.referrals import queries as referrals
from wordmouth.stores import services as stores

BRAND = {
    "accent": "#a4451f",
    "ink": "#2b1d16",
    "surface": "#faf3e8",
    "radius": 14,
    "font": "serif",
}


def found_in(text: str, pattern: str) -> str:
    """What the pattern's group (or the whole pattern) finds in a text that must hold it."""
    match = re.search(pattern, text, re.S)
    assert match is not None, f"no {pattern} in {text}"
    return match[match.lastindex or 0]


class Shop:
    """A shop that makes every coupon it is asked for; a twin of the port."""

    kinds = frozenset({"percent_off", "amount_off", "free_shipping"})

    def __init__(self) -> None:
        self.made: dict[str, str] = {}

    def find(self, code: str) -> CouponState | None:
        state = self.made.get(code)
        return CouponState(code=code, state=state) if state else None

    def issue(self, spec: CouponSpec, key: str) -> CouponState:
        self.made.setdefault(spec.code, "active")
        return CouponState(code=spec.code, state=self.made[spec.code])

    def revoke(self, code: str, key: str) -> CouponState | None:
        if self.made.get(code) == "active":
            self.made[code] = "revoked"
        return self.find(code)


class Mailbox:
    """Keeps what is sent; a twin of the mailer."""

    def __init__(self) -> None:
        self.mails: list[Any] = []

    def send(self, mail: Any) -> None:
        self.mails.append(mail)


class Stage:
    """The world with a shop, a mailbox and a worker that does all effects at once."""

    def __init__(self, world: World, site: str = "") -> None:
        self.world, self.shop, self.mailbox = world, Shop(), Mailbox()
        registry.install(lambda connection: self.shop)
        mail.install(self.mailbox)
        stores.update_connection(
            world.store.id, "generic", coupon_url="https://shop.example/coupons"
        )
        world.store = stores.update_store(
            world.store.id,
            name="Kohvik",
            shop_url=f"{site}/demo/shop/" if site else "https://shop.example/",
            brand=BRAND,
        )

    def work(self) -> None:
        """Carry out every effect that is due."""
        lane = Lane()
        while lane.step():
            pass

    def friend(self, code: str, email: str, name: str, order_id: str, **more: Any) -> tuple[str]:
        """A friend claims and buys with the code, which is given back."""
        claim = self.world.claim(code, email)
        self.work()
        told = paid(order_id, email, self.world.clock.now(), codes=(claim.coupon_code,), **more)
        self.tell(told, name)
        return (claim.coupon_code,)

    def tell(self, snapshot: Any, name: str) -> None:
        customer = CustomerSnapshot(email=snapshot.customer.email, first_name=name)
        self.world.tell(msgspec.structs.replace(snapshot, customer=customer))
        self.work()

    def busy(self) -> AdvocateFacts:
        """An advocate with a friend at every step."""
        world = self.world
        ana = world.advocate("ana.tamm@gmail.com", "Ana")
        codes = self.friend(ana.code, "mari@example.com", "Mari", "1001")
        world.clock.move(2 * DAY)
        self.tell(
            order(
                "1001",
                email="mari@example.com",
                codes=codes,
                updated=at(2),
                placed_at=at(0),
                paid_at=at(0),
                fulfilled_at=at(1),
                delivered_at=at(2),
            ),
            "Mari",
        )
        world.move(15)
        self.work()
        codes = self.friend(ana.code, "juri@example.com", "Jüri", "1002")
        refund = Refund(id="r1", amount=5400, at=world.clock.now())
        self.tell(paid("1002", "juri@example.com", at(18), codes=codes, refunds=(refund,)), "Jüri")
        self.friend(ana.code, "liis@example.com", "Liis", "1003", fulfilled_at=at(17))
        self.friend(ana.code, "anatamm+shop@gmail.com", "Ana", "1004")
        world.clock.move(DAY)
        self.friend(ana.code, "peeter@example.com", "Peeter", "1005")
        world.claim(ana.code, "tiiu@example.com")
        self.work()
        return ana

    def referral_ids(self) -> list[str]:
        with self.world.read():
            return [one.id for one in referrals.page()]

    def coupon_states(self, reward_ids: list[str]) -> list[str]:
        with self.world.read():
            return [one.state for one in fulfilment.coupons(reward_ids).values()]
