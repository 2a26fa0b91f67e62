"""What can go wrong with orders."""

from wordmouth.kit.errors import Conflict


class ImportedElsewhere(Conflict):
    """Another process imports the same file."""

    code, title = "imported_elsewhere", "The file is being imported"
