"""A judge without memory: evidence and policy in, verdict out. Pure, no Django, no database.

Always true: the same evidence under the same policy gets the same verdict; same address on the
network alone never decides anything.
"""
