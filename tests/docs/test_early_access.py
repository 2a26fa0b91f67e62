"""docs/early-access.md is true: its vectors are ours, and its code agrees with them."""

import os
import re
import shutil
import subprocess
import sys
from datetime import datetime

import pytest

from tests.floor_plan.plan import ROOT
from tests.harness.patience import PATIENCE
from wordmouth.fulfilment import entitlements
from wordmouth.fulfilment.entitlements import Entitlement
from wordmouth.kit.signing import BadSignature, unb64url
from wordmouth.programs.parse import parse_toml

TEXT = (ROOT / "docs" / "early-access.md").read_text()
SECRET = "whsec_YSBzZWNyZXQgdGhhdCBvbmx5IHdlIHR3byBrbm93ISE="
ROW = re.compile(r"^\| ([^|]+) \| `([^`]+)` \| `([^`]+)` \| `([^`]+)` \| (open|closed) \|$", re.M)
VECTORS = ROW.findall(TEXT)


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def by_our_code(token, product, at):
    try:
        told = entitlements.read(token, [SECRET])
    except BadSignature:
        return "closed"
    in_time = datetime.fromisoformat(at) < told.until
    return "open" if in_time and entitlements.opens(told, product, []) else "closed"


def test_the_vectors_are_those_of_the_code():
    assert len(VECTORS) == 7
    assert {answer for *_, answer in VECTORS} == {"open", "closed"}
    for case, token, product, at, answer in VECTORS:
        assert by_our_code(token, product, at) == answer, case


def test_the_first_vector_is_the_json_that_is_shown():
    (shown,) = re.findall(r"`(\{\"reward\".*\})`", TEXT)
    payload = VECTORS[0][1].partition(".")[0]
    assert unb64url(payload).decode() == shown


@pytest.mark.parametrize(
    ("language", "command", "suffix"),
    [("python", sys.executable, ".py"), ("php", "php", ".php"), ("js", "node", ".cjs")],
)
def test_each_example_agrees_with_the_vectors(language, command, suffix, tmp_path):
    if shutil.which(command) is None:
        pytest.skip(f"{command} is not installed here, so its example cannot run")
    script = tmp_path / f"example{suffix}"
    script.write_text(blocks(language)[0])
    for case, token, product, at, answer in VECTORS:
        done = subprocess.run(
            [command, str(script), token, product, at],
            env={**os.environ, "WORDMOUTH_SECRET": SECRET},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.stdout.strip() == answer, (case, done.stderr)


@pytest.mark.parametrize("field", Entitlement.__struct_fields__)
def test_every_field_is_explained(field):
    assert re.search(rf"^\| `{field}` \|", TEXT, re.MULTILINE)


def test_the_programme_is_one():
    (example,) = blocks("toml")
    whole = 'slug = "a"\nname = "A"\n[eligibility]\ncurrency = "EUR"\n' + example
    (reward,) = parse_toml(whole).offers[0].advocate
    assert reward.access is not None
    assert reward.access.products == ("p-9", "p-12")
