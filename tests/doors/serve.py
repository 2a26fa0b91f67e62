"""Starts the server as `wordmouth serve` does; the last argument is the port.

Its log says which event loop it has.
"""

import asyncio
import sys

from wordmouth.project.serve import run


class Beside:
    """Is started in the event loop of the serving process."""

    def start(self) -> None:
        sys.stdout.write(f"event loop: {type(asyncio.get_running_loop()).__module__}\n")
        sys.stdout.flush()

    def stop(self, timeout: float) -> None:
        """Nothing goes on."""

    def wake(self) -> None:
        """Nobody waits."""


if __name__ == "__main__":
    run("127.0.0.1", int(sys.argv[-1]), companion=Beside)
