"""What can go wrong with postings."""

from wordmouth.kit.errors import Conflict


class NothingToMirror(Conflict):
    """The posting to be undone does not exist or is undone already."""

    code, title = "nothing_to_mirror", "There is no such posting to undo"
