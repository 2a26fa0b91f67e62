from datetime import UTC, datetime, timedelta

import pytest
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from wordmouth.api import limits
from wordmouth.api.errors import RateLimited
from wordmouth.kit import clock

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def test_a_burst_passes_and_then_so_many_a_second() -> None:
    limit = limits.Limit("here", burst=3, per_second=0.5)
    time = clock.SetClock(NOW)
    with clock.using(time):
        for _ in range(3):
            limit.take("a")
        with pytest.raises(RateLimited) as refused:
            limit.take("a")
        assert refused.value.retry_after == 2
        limit.take("b")
        time.move(timedelta(seconds=2))
        limit.take("a")
        with pytest.raises(RateLimited):
            limit.take("a")
        time.move(timedelta(hours=1))
        for _ in range(3):
            limit.take("a")
        with pytest.raises(RateLimited):
            limit.take("a")


def test_asking_while_refused_does_not_put_the_end_off() -> None:
    limit = limits.Limit("here", burst=1, per_second=1)
    time = clock.SetClock(NOW)
    with clock.using(time):
        limit.take("a")
        for _ in range(9):
            time.move(timedelta(seconds=0.1))
            with pytest.raises(RateLimited):
                limit.take("a")
        time.move(timedelta(seconds=0.11))
        limit.take("a")


def test_a_clock_that_goes_back_gives_nothing_away() -> None:
    limit = limits.Limit("here", burst=1, per_second=1)
    time = clock.SetClock(NOW)
    with clock.using(time):
        limit.take("a")
        time.move(timedelta(days=-1))
        with pytest.raises(RateLimited):
            limit.take("a")


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_MOST_BUCKETS", 10)
    limit = limits.Limit("here", burst=1, per_second=1)
    for number in range(100):
        limit.take(str(number))
    assert len(limit._buckets) == 10


@pytest.mark.parametrize(
    ("hops", "forwarded", "expected"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.1"),
        (1, "", "192.0.2.1"),
    ],
)
def test_only_trusted_proxies_say_who_the_client_is(
    settings: Settings, hops: int, forwarded: str, expected: str
) -> None:
    settings.PROXY_HOPS = hops
    request = RequestFactory().get(
        "/", REMOTE_ADDR="192.0.2.1", headers={"x-forwarded-for": forwarded}
    )
    assert limits.client_address(request) == expected
