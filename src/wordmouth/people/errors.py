"""What can go wrong with people."""

from wordmouth.kit.errors import Invalid


class BadEmail(Invalid):
    """The text is not an e-mail address."""

    code, title = "bad_email", "This is not an e-mail address"
