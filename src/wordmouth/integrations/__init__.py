"""The outside: shops and mail servers, each behind the port of the room that needs it.

Always true: an adapter turns what the outside says into our words or a typed error and decides
nothing; only the wiring names an adapter.
"""
