"""The processor time of trees of processes, on real ones."""

from __future__ import annotations

import subprocess
import sys

from bench.cpu import Process, cpu_seconds, processes, tree
from tests.harness.patience import until

_BURN = "import time\nwhile time.process_time() < 0.3: pass\n"
# A child that has a child that works; then all of them wait to be told to end.
_FAMILY = f"""
import subprocess, sys
child = subprocess.Popen([sys.executable, '-c', {_BURN + "print('done', flush=True); input()"!r}],
                         stdin=subprocess.PIPE)
input()
child.communicate(b'end')
print('reaped', flush=True)
input()
"""


def test_a_tree_has_children_and_their_children():
    among = {
        1: Process(0, 0),
        2: Process(1, 0),
        3: Process(2, 0),
        4: Process(3, 0),
        5: Process(1, 0),
    }
    assert tree([2], among) == {2, 3, 4}
    assert tree([2, 3, 5], among) == {2, 3, 4, 5}
    assert tree([9], among) == set()


def test_the_time_of_a_childs_child_counts_also_when_it_has_ended():
    with subprocess.Popen(
        [sys.executable, "-c", _FAMILY], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as family:
        assert family.stdin is not None
        assert family.stdout is not None
        assert family.stdout.readline() == b"done\n"
        assert len(tree([family.pid], processes())) == 2
        used = cpu_seconds(family.pid)
        assert used >= 0.28
        family.stdin.write(b"go on\n")
        family.stdin.flush()
        assert family.stdout.readline() == b"reaped\n"
        until(lambda: len(tree([family.pid], processes())) == 1)
        assert cpu_seconds(family.pid) >= used
        family.communicate(b"end\n")


def test_ended_processes_count_nothing():
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    assert cpu_seconds(ended.pid) == 0
