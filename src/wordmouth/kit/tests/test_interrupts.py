"""A signal is heard whenever it comes."""

from __future__ import annotations

import subprocess
import sys

from tests.harness.patience import PATIENCE

SIGNALS_AT_ANY_MOMENT = """
import signal
from wordmouth.kit import interrupts

interrupts.hold_back(signal.SIGALRM)
for number in range(3000):
    signal.setitimer(signal.ITIMER_REAL, (number % 60 + 1) * 1e-6)
    assert interrupts.next_of(signal.SIGALRM) == signal.SIGALRM
print("heard them all")
"""


def test_a_signal_is_heard_also_just_as_the_waiting_begins() -> None:
    """In a process of its own, for a lost signal would stop it for good."""
    done = subprocess.run(
        [sys.executable, "-c", SIGNALS_AT_ANY_MOMENT],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("heard them all\n", "")
