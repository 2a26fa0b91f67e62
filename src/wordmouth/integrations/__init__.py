"""The outside: shops, mail servers, issuers of gift cards, payment services and the merchant's own
program, each behind the port of the room that needs it.

Always true: an adapter turns what the outside says into our words or a typed error and decides
nothing; only the wiring names an adapter.
"""
