"""A worker as a process of its own: `python -m wordmouth.project.work` (PostgreSQL)."""

from __future__ import annotations

import os
import sys

import django

from wordmouth.project import garbage


def main() -> int:
    """Set Django up and work until told to stop; gives the exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wordmouth.project.settings")
    django.setup()
    # Models can be imported only now.
    from wordmouth.project.worker import main as work

    garbage.collect_seldom()
    return work()


if __name__ == "__main__":
    sys.exit(main())
