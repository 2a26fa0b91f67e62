"""Documents are tested as code is."""
