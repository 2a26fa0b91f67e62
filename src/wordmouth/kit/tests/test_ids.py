"""Ids are TypeIDs: the package that defines them reads each as it was meant."""

import uuid
from datetime import UTC, datetime

from typeid import TypeID

from wordmouth.kit import clock
from wordmouth.kit.ids import derived_id, new_id

NOW = datetime(2026, 11, 21, 10, 0, 0, 123000, tzinfo=UTC)


def test_a_new_id_holds_the_moment_and_is_no_other():
    with clock.using(clock.SetClock(NOW)):
        ids = {new_id("ord") for _ in range(1000)}
    assert len(ids) == 1000
    for each in ids:
        read = TypeID.from_string(each)
        made = uuid.UUID(bytes=read.uuid_bytes)
        assert (read.prefix, made.version, made.variant) == ("ord", 7, uuid.RFC_4122)
        assert made.int >> 80 == NOW.timestamp() * 1000


def test_a_derived_id_is_always_the_same():
    read = TypeID.from_string(derived_id("dlv", "a", "b"))
    made = uuid.UUID(bytes=read.uuid_bytes)
    assert (read.prefix, made.version, made.variant) == ("dlv", 8, uuid.RFC_4122)
    assert str(read) == derived_id("dlv", "a", "b") != derived_id("dlv", "ab")
