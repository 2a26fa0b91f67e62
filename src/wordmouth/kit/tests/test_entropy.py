"""Random bytes are drawn ahead, and none is given twice."""

import os
from concurrent.futures import ThreadPoolExecutor

from wordmouth.kit import entropy


def test_as_many_bytes_as_asked_for():
    assert [len(entropy.random_bytes(count)) for count in (0, 1, 10, 1000, 5000)] == [
        0,
        1,
        10,
        1000,
        5000,
    ]


def test_no_bytes_are_given_twice_whatever_the_thread():
    with ThreadPoolExecutor(4) as threads:
        given = list(threads.map(entropy.random_bytes, [10] * 4000))
    assert len(set(given)) == 4000


def test_a_forked_process_draws_its_own():
    entropy.random_bytes(10)
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.write(write, entropy.random_bytes(16))
        os._exit(0)
    mine = entropy.random_bytes(16)
    os.waitpid(child, 0)
    assert os.read(read, 16) != mine
    os.close(read)
    os.close(write)


def test_from_one_seed_everything_is_the_same_again():
    def drawn():
        with entropy.seeded(7):
            return [entropy.random_bytes(10) for _ in range(3)]

    before = entropy.random_bytes(10)
    assert drawn() == drawn()
    assert entropy.random_bytes(10) != before
