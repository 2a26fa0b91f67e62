"""The installed command, from an empty folder to a proof."""

import json
import subprocess
import sys

import pytest

from tests.harness.environment import chosen_database
from tests.harness.patience import START_SECONDS

pytestmark = pytest.mark.timeout(1200)

DJANGO_FREE = """
import sys
from wordmouth.project.main import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
assert "django" not in sys.modules, "Django was loaded"
"""


@pytest.mark.parametrize("words", [[], ["--help"], ["--version"], ["import", "orders", "--help"]])
def test_help_needs_no_django(words) -> None:
    done = subprocess.run(
        [sys.executable, "-c", DJANGO_FREE, *words], capture_output=True, text=True, check=False
    )
    # Without any words click shows the help and fails.
    assert "Django was loaded" not in done.stderr
    assert "Usage: " in done.stdout + done.stderr or "version" in done.stdout


@pytest.mark.database
def test_from_an_empty_folder_to_a_proof(first_programs) -> None:
    first_programs("doctor", status=1)
    made = first_programs.facts("init", "--name", "Tea House")
    assert made["created"]
    assert [store["slug"] for store in first_programs.facts("store", "list")] == ["tea-house"]
    reports = first_programs.facts("verify")
    assert reports == [
        {
            "store": "tea-house",
            "report": {"referrals": 0, "rewards": 0, "postings": 0, "findings": []},
        }
    ]
    assert "all is as it must be" in first_programs("replay")
    # The tests' PostgreSQL does not flush to the disk, and the doctor finds that out.
    durable = chosen_database() == "sqlite"
    found = json.loads(first_programs("doctor", "--json", status=0 if durable else 1))
    states = {check["name"]: check["state"] for check in found}
    assert states["database"] == "ok"
    assert states["durability"] == ("ok" if durable else "broken")
    assert states["store tea-house"] == "warning"


def test_several_commands_make_one_database(first_programs) -> None:
    started = [first_programs.start("store", "create", f"Store {number}") for number in range(4)]
    said = [program.communicate(timeout=START_SECONDS) for program in started]
    assert [program.returncode for program in started] == [0] * 4, said
    assert len(first_programs.facts("store", "list")) == 4


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        ({"WORDMOUTH_SMTP_PORT": "mail"}, "WORDMOUTH_SMTP_PORT is 'mail'; it takes a whole number"),
        ({"DATABASE_URL": "mysql://x"}, "allowed are sqlite:///FILE and postgresql://"),
        ({"WORDMOUTH_SECRET": "short"}, "at least 32 characters"),
        ({"DATABASE_URL": "postgresql://127.0.0.1:1/x"}, "The database cannot be used"),
    ],
)
def test_wrong_settings_are_words(make_programs, more, complaint) -> None:
    said = make_programs(more)("store", "list", status=1)
    assert complaint in said
    assert "Traceback" not in said


def test_the_doctor_says_which_setting_is_wrong(make_programs) -> None:
    programs = make_programs({"SITE_URL": "http://shop.example"})
    programs("store", "create", "Tea House")
    said = programs("doctor", status=1)
    assert "BROKEN  site address: http://shop.example is not https" in said
    other = make_programs({"WORDMOUTH_PORT": "x"})
    checks = json.loads(other("doctor", "--json", status=1))
    assert [check["name"] for check in checks] == ["settings"]
