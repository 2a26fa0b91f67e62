"""Double entry, append-only. Knows accounts, postings and a reference, and no word of ours.

Always true: a posting moves amount > 0 of one unit from one account to another; it is never
changed nor deleted (triggers refuse it) and is undone only by a mirrored posting, once; so the
sum over all accounts is zero at every moment, and every past balance can be rebuilt.
"""
