"""The extension of Shopify's checkout and account pages: its configuration is of the form that
Shopify takes, its words are all there, and its logic passes tests of its own."""

from __future__ import annotations

import json
import re
import tomllib

from tests.shopify.extension import EXTENSION, node
from wordmouth.integrations.shopify.questions import VERSION

SOURCES = {path.name: path.read_text() for path in (EXTENSION / "src").glob("*.js")}
WORDS = json.loads((EXTENSION / "locales" / "en.default.json").read_text())
(CONFIGURED,) = tomllib.loads((EXTENSION / "shopify.extension.toml").read_text())["extensions"]
MOST_OF_OURS = 12_000
"""Shopify takes 64 kB compressed, with the packages that come along (about 9 kB)."""


def test_its_logic_passes_its_own_tests() -> None:
    said = node("--test", "--test-reporter=tap", str(EXTENSION / "tests" / "block.test.js"))
    assert re.search(r"^# pass [1-9]", said, re.MULTILINE), said


def test_it_stands_on_the_pages_after_the_purchase_and_in_the_account() -> None:
    assert CONFIGURED["type"] == "ui_extension"
    assert {one["target"] for one in CONFIGURED["targeting"]} == {
        "purchase.thank-you.block.render",
        "customer-account.order-status.block.render",
        "customer-account.profile.block.render",
    }
    for one in CONFIGURED["targeting"]:
        assert (EXTENSION / one["module"]).is_file()
    assert CONFIGURED["capabilities"] == {"network_access": True}
    whole = tomllib.loads((EXTENSION / "shopify.extension.toml").read_text())
    assert whole["api_version"] == VERSION
    package = json.loads((EXTENSION / "package.json").read_text())
    year, month = VERSION.split("-")
    assert package["dependencies"]["@shopify/ui-extensions"] == f"~{year}.{int(month)}.0"


def test_it_reads_the_settings_that_the_merchant_is_asked_for() -> None:
    asked = {field["key"] for field in CONFIGURED["settings"]["fields"]}
    assert set(re.findall(r"settings\.(\w+) \?\?", SOURCES["engine.js"])) == asked


def test_every_word_can_be_translated_and_none_is_left_over() -> None:
    used = set(re.findall(r'say\("(\w+)"', SOURCES["view.js"]))
    named = CONFIGURED["name"].removeprefix("t:")
    assert used | {named} == WORDS.keys()
    assert not re.findall(r"[\"'`][A-Z][a-z]+ [a-z]+", SOURCES["view.js"]), "words in the code"


def test_it_is_small_and_loads_nothing_from_anybody_else() -> None:
    assert sum(len(text) for text in SOURCES.values()) < MOST_OF_OURS
    loaded = set(re.findall(r'from "([^"]+)"|^import "([^"]+)"', SOURCES["block.js"], re.MULTILINE))
    package = json.loads((EXTENSION / "package.json").read_text())
    for name in {"".join(found) for found in loaded}:
        known = name.startswith(("./", *package["dependencies"]))
        assert known, f"{name} is not among the dependencies"
    assert not [name for name, text in SOURCES.items() if re.search(r"https://\w", text)]
