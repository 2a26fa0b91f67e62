"""What every test of the repository shares; the parts live in tests/harness/."""

pytest_plugins = [
    "tests.harness.garbage",
    "tests.harness.examples",
    "tests.harness.selection",
    "tests.harness.migrated",
    "tests.harness.databases",
    "tests.harness.append_only",
    "tests.harness.migrations",
    "tests.harness.templates",
    "tests.harness.browser",
    "tests.harness.world",
    "tests.harness.ports",
    "tests.harness.stillness",
]
