"""What can go wrong at the door for deliveries and with deliveries."""

from wordmouth.kit.errors import Conflict, NotFound, WordmouthError


class BadDeliverySignature(WordmouthError):
    """The delivery does not prove that it comes from the store's shop."""

    code, status, title = "bad_signature", 401, "The signature is not valid"


class UnknownStore(NotFound):
    """No store has this id."""

    code, title = "unknown_store", "There is no such store"


class UnknownAdapter(NotFound):
    """The store is not connected to a shop in this way."""

    code, title = "unknown_adapter", "There is no such shop connection"


class DeliveryNotFound(NotFound):
    """This store has no such delivery."""

    code, title = "unknown_delivery", "There is no such delivery"


class NotRepeatable(Conflict):
    """Only a delivery that came to nothing can be tried again."""

    code, title = "not_repeatable", "This delivery needs no repetition"
