"""The heart: which order came from whose recommendation, whether it counts, and why.

A *history* is everything one human bought, in the order in which it was paid. The decision about
every order in it is a pure function of the history and the time (`rules.py`), so late, repeated
and reordered news end in the same referrals.

Always true: a human is referred once per store; explicit code goes before signed token goes
before claimed e-mail; a referral is judged by the programme version its friend saw; every decision
keeps its reasons, a digest of its inputs and the version of the rules.
"""
