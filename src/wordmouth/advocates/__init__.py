"""People who recommend: their membership in a programme, their codes, the way to their own page.

Always true: a person has one membership in a programme; a code leads to one advocate on the whole
installation and is never given to another.
"""
