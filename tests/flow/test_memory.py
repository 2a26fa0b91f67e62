"""One store write that does many things: what it remembers is always what is stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.harness.memory import distrusted
from tests.world import START, World, order
from wordmouth.advocates import queries as advocates
from wordmouth.advocates import services as advocate_services
from wordmouth.kit import clock
from wordmouth.orders import queries as orders
from wordmouth.orders import services as order_services
from wordmouth.people import queries as people
from wordmouth.people import services as people_services
from wordmouth.people.snapshot import CustomerSnapshot

pytestmark = [pytest.mark.django_db, pytest.mark.database]

Step = Callable[[World], object]
EMAILS = st.sampled_from(["a@mail.example", "b@other.example", "c@third.example"]) | st.none()
CUSTOMERS = st.sampled_from(["c-1", "c-2"]) | st.none()
MAIL_A = "a@mail.example"


def bought(number: int, email: str | None, customer: str | None, minute: int, total: int) -> Step:
    """The shop tells an order, or something newer of it."""
    told = order(
        f"o-{number}",
        updated=START + timedelta(minutes=minute),
        email=email,
        customer=customer,
        items=total,
        placed_at=START,
    )
    return lambda world: order_services.take(world.store.id, [told])


def known(email: str | None, customer: str | None) -> Step:
    """The shop tells a customer."""
    told = CustomerSnapshot(email=email, id=customer)
    return lambda world: people_services.take(world.store.id, [told])


def joined(email: str) -> Step:
    """Somebody becomes an advocate, again perhaps."""
    return lambda world: advocate_services.enrol(world.store.id, CustomerSnapshot(email=email))


def left(world: World) -> None:
    """All advocates leave."""
    for one in advocates.page():
        advocate_services.leave(one.id)


STEPS = st.one_of(
    st.builds(
        bought,
        st.integers(1, 3),
        EMAILS,
        CUSTOMERS,
        st.integers(0, 5),
        st.sampled_from([3000, 5000]),
    ),
    st.builds(known, EMAILS, CUSTOMERS),
    st.builds(joined, EMAILS.filter(bool)),
    st.just(left),
)


def asked_everything() -> None:
    """Whatever can be remembered is asked for."""
    everybody = people.all_roots()
    people.roots(everybody)
    members = people.members(everybody)
    people.email_hosts(everybody)
    bought_now = orders.orders_of_persons(one for some in members.values() for one in some)
    orders.orders(one.id for one in bought_now)
    orders.contents(one.id for one in bought_now)
    advocates.advocates([one.id for one in advocates.page()])


def lived(steps: list[Step]) -> None:
    """Take these steps in one write, and ask for everything after each."""
    with clock.using(clock.SetClock(START)) as watch, distrusted():
        assert isinstance(watch, clock.SetClock)
        world = World(watch)
        with world.write():
            asked_everything()
            for step in steps:
                step(world)
                asked_everything()


# Each of these would go wrong if a room did not say what it has changed.
@example([known(MAIL_A, "c-1"), known("b@other.example", "c-1")])
@example([known(MAIL_A, None), known(None, "c-1"), known(MAIL_A, "c-1")])
@example([bought(1, MAIL_A, None, 1, 3000), bought(2, MAIL_A, None, 2, 3000)])
@example([bought(1, MAIL_A, None, 1, 3000), bought(1, MAIL_A, None, 2, 5000)])
@example([joined(MAIL_A), left])
@example([joined(MAIL_A), left, joined(MAIL_A)])
@given(st.lists(STEPS, max_size=8))
@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
def test_what_is_remembered_is_what_is_stored(steps: list[Step]) -> None:
    lived(steps)
