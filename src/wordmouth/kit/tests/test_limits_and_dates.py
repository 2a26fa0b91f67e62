"""Limits, client addresses and dates."""

from datetime import UTC, datetime, timedelta

import pytest

from wordmouth.kit import clock, dates
from wordmouth.kit.limits import MOST_BUCKETS, Limit, client_address

START = datetime(2026, 11, 21, 19, 5, tzinfo=UTC)


def test_a_limit_lets_a_burst_through_and_then_the_rate():
    limit = Limit(burst=2, per_second=0.5)
    watch = clock.SetClock(START)
    with clock.using(watch):
        assert [limit.take("a") for _ in range(3)] == [0, 0, 2]
        assert limit.take("b") == 0
        watch.move(timedelta(seconds=2))
        assert [limit.take("a"), limit.take("a")] == [0, 2]


def test_a_limit_forgets_the_oldest_and_on_request_everything():
    limit = Limit(burst=1, per_second=0.001)
    with clock.using(clock.SetClock(START)):
        limit.take("first")
        for n in range(MOST_BUCKETS):
            limit.take(str(n))
        assert limit.take("first") == 0
        limit.reset()
        assert limit.take("1") == 0


@pytest.mark.parametrize(
    ("forwarded", "hops", "address"),
    [
        ("", 0, "10.0.0.1"),
        ("1.1.1.1, 2.2.2.2", 0, "10.0.0.1"),
        ("1.1.1.1, 2.2.2.2", 1, "2.2.2.2"),
        ("1.1.1.1, 2.2.2.2", 2, "1.1.1.1"),
        ("1.1.1.1", 2, "10.0.0.1"),
        ("", 1, "10.0.0.1"),
    ],
)
def test_the_client_is_whom_trusted_proxies_name(forwarded, hops, address):
    assert client_address("10.0.0.1", forwarded, hops) == address


def test_days_and_moments_as_people_write_them():
    assert dates.format_day(START, "en_GB", today=START) == "21 November"
    assert dates.format_day(START, "en_GB") == "21 November 2026"
    assert dates.format_day(START, "et", today=START) == "21. november"
    assert dates.format_moment(START, "en_GB") == "21 Nov 2026, 19:05"
