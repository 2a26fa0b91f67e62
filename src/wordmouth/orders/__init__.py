"""Orders as facts from the shop; they know nothing of referrals.

Always true: snapshots of one order merge to the same state in whatever order, however often and
however late they are told (see `merge.py`); a refund once told is never forgotten.
"""
