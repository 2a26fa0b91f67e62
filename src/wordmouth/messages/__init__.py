"""What is said to whom, when and in which tongue.

Always true: one occasion makes one message; personal data is read when the mail is made, not
kept here; who said stop is not written to.
"""
