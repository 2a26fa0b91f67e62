"""What can go wrong with stores."""

from wordmouth.kit.errors import Conflict, Invalid


class SlugTaken(Conflict):
    """Another store has this slug."""

    code, title = "slug_taken", "This store name is taken"


class BadStore(Invalid):
    """A store's settings cannot be used."""

    code, title = "bad_store", "The store's settings are not valid"
