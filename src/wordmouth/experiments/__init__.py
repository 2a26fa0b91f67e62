"""Who sees which variant: a pure hash, so nobody has to remember; and the first exposures.

Always true: a unit gets the same arm of the same version everywhere and forever.
"""
