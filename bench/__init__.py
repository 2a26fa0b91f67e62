"""The benchmark: how quick the hot paths are, against what the machine permits.

`make bench` runs it, `docs/performance.md` explains it. It starts everything itself, drives from
processes of its own, and looks afterwards whether all that was acknowledged is stored, once.
"""
