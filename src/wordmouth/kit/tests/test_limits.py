from datetime import UTC, datetime, timedelta

import pytest

from wordmouth.kit import clock, limits

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def test_a_burst_passes_and_then_so_many_a_second() -> None:
    limit = limits.Limit(burst=3, per_second=0.5)
    time = clock.SetClock(NOW)
    with clock.using(time):
        for _ in range(3):
            assert limit.take("a") == 0
        assert limit.take("a") == 2
        assert limit.take("b") == 0
        time.move(timedelta(seconds=2))
        assert limit.take("a") == 0
        assert limit.take("a") > 0
        time.move(timedelta(hours=1))
        for _ in range(3):
            assert limit.take("a") == 0
        assert limit.take("a") > 0


def test_asking_while_refused_does_not_put_the_end_off() -> None:
    limit = limits.Limit(burst=1, per_second=1)
    time = clock.SetClock(NOW)
    with clock.using(time):
        assert limit.take("a") == 0
        for _ in range(9):
            time.move(timedelta(seconds=0.1))
            assert limit.take("a") > 0
        time.move(timedelta(seconds=0.11))
        assert limit.take("a") == 0


def test_a_clock_that_goes_back_gives_nothing_away() -> None:
    limit = limits.Limit(burst=1, per_second=1)
    time = clock.SetClock(NOW)
    with clock.using(time):
        assert limit.take("a") == 0
        time.move(timedelta(days=-1))
        assert limit.take("a") > 0


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_BUCKETS", 10)
    limit = limits.Limit(burst=1, per_second=1)
    for number in range(100):
        assert limit.take(str(number)) == 0
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
    hops: int, forwarded: str, expected: str
) -> None:
    assert limits.client_address("192.0.2.1", forwarded, hops) == expected
