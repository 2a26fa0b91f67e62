"""What is owed becomes a coupon in the shop.

Always true: a reward has at most one coupon; its code is derived from the reward, so a retry
finds what an earlier try made; a coupon of a withdrawn reward is revoked in the shop.
"""
