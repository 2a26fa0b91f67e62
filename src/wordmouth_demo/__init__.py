"""The demo: Kohvik, a make-believe coffee and tea shop, its mail inbox and its control room.

Everything here stands outside the referral engine, as a merchant's shop does: it imports nothing
from the engine and speaks to it only over HTTP in the generic format (signed order snapshots out,
signed coupon requests in) and by links that carry a shop-signed customer token. What must always
be true: nothing is sent while a transaction is open, every change of an order is kept as a
delivery before it is sent, and a coupon is used at most as often as it allows.
"""
