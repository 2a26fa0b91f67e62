"""How each carrier is made and taken back by those outside: one module each, the same two verbs.

Nothing here writes; `fulfilment.handlers` notes what was answered.
"""
