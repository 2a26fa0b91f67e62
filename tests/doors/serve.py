"""Starts the server as `wordmouth serve` does; the last argument is the port."""

import sys

from wordmouth.project.serve import run

if __name__ == "__main__":
    run("127.0.0.1", int(sys.argv[-1]))
