"""Tools without a word of the domain: money, clock, ids, signing, errors, events, HTTP.

Nothing here knows Django or what a referral is. Clock and randomness are ports: whoever
runs the program decides what time it is, so that a month can be lived through in a test.
"""
