"""The product's own settings, on the database and in the folder that the test harness made."""

from tests.harness import environment

environment.prepare()

from wordmouth.project.settings import *  # noqa: E402, F403
from wordmouth.project.settings import DATABASES  # noqa: E402

# Logging in is not what the tests measure.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# The test database: on SQLite a file, not memory, since threads share it as in the product.
if environment.chosen_database() == "sqlite":
    DATABASES["default"]["TEST"] = {"NAME": str(environment.own_folder() / "test.sqlite3")}
else:
    DATABASES["default"]["TEST"] = {"NAME": "test_wordmouth"}
