"""Connects a django-oscar shop to a Wordmouth referral engine.

Words used here:

- *snapshot*: a whole order, customer or product as the shop sees it now. The engine finds out by
  comparison what changed, so a snapshot may be late, repeated or leave out steps in between.
- *pending snapshot*: a row that says "the engine has not heard the latest about this object". It
  is written in the same database transaction as the change itself and holds no content: the
  snapshot is made when it is sent.
- *token*: the signed proof of a visit that the engine adds to the shop's address (``?wm=``).
- *coupon*: what the engine asks this shop to make; in oscar a voucher with one offer.

What must always be true: a checkout never waits for the engine and never fails because of it; a
change that was committed is told sooner or later; the same coupon asked for twice is made once.
"""
