"""Clicks, signed tokens and claims: how a friend comes, and what they took.

Always true: a click that was answered is stored; a token proves by itself who sent the friend and
when; one human has one standing claim in a store, and its coupon code belongs to nobody else.
"""
