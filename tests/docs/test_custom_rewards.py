"""docs/custom-rewards.md is true: its program carries a reward out once, its tables are whole."""

import json
import re
import threading
from http.server import ThreadingHTTPServer
from typing import Any

import msgspec
import pytest

from tests.floor_plan.plan import ROOT
from tests.harness.patience import PATIENCE
from wordmouth.fulfilment.ports import CustomSpec, Unreachable
from wordmouth.integrations.custom import rewards
from wordmouth.integrations.custom.provider import CustomProgram
from wordmouth.integrations.custom.rewards import CustomRewards
from wordmouth.kit import signing
from wordmouth.kit.http import Http
from wordmouth.programs.parse import parse_toml
from wordmouth.stores.facts import ConnectionFacts

TEXT = (ROOT / "docs" / "custom-rewards.md").read_text()
SECRET = "whsec_YSBzZWNyZXQgdGhhdCBvbmx5IHdlIHR3byBrbm93ISE="
HTTP = Http(allow_private=True, total_seconds=PATIENCE)


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def example():
    return json.loads(blocks("json")[0])


@pytest.fixture
def program(tmp_path, monkeypatch):
    """The page's program, as it stands."""
    monkeypatch.setenv("WORDMOUTH_SECRET", SECRET)
    monkeypatch.setenv("REWARDS_DB", str(tmp_path / "rewards.sqlite3"))
    names: dict[str, Any] = {"__name__": "example"}
    exec(compile(blocks("python")[0], "custom-rewards.md", "exec"), names)
    rewards_handler = type("Quiet", (names["Rewards"],), {"log_message": lambda *args: None})
    server = ThreadingHTTPServer(("127.0.0.1", 0), rewards_handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_the_program_carries_a_reward_out_once_and_takes_it_back(program, capsys):
    port = CustomRewards(HTTP, program, SECRET)
    spec = msgspec.convert(example()["data"], CustomSpec)
    for _ in range(3):
        assert port.issue(spec, "key").state == "issued"
    assert capsys.readouterr().out.count("Plant a tree for mari@example.com") == 1
    assert port.issue(spec, "key").text == "Your oak is planted in spring."
    taken = port.revoke(spec.id, "key")
    assert taken is not None
    assert taken.state == "revoked"
    assert port.issue(spec, "key").state == "revoked"
    late = msgspec.structs.replace(spec, id="rwd_late")
    assert port.revoke(late.id, "key") is not None
    assert port.issue(late, "key").state == "revoked", "its request was overtaken"
    assert "Plant" not in capsys.readouterr().out


def test_the_program_refuses_another_secret_and_answers_a_ping(program):
    other = CustomRewards(HTTP, program, signing.new_secret())
    with pytest.raises(Unreachable, match="401"):
        other.revoke("rwd_1", "key")
    connection = ConnectionFacts(
        id="",
        store_id="",
        adapter="custom",
        secrets=(SECRET,),
        coupon_url="",
        options={"url": program},
        serves="custom",
    )
    assert "answers" in CustomProgram(HTTP).examine(connection)


def test_every_field_that_is_sent_is_shown_and_explained():
    assert set(example()["data"]) == set(CustomSpec.__struct_fields__)
    for name in CustomSpec.__struct_fields__:
        assert re.search(rf"^\|[^|]*`{name}`", TEXT, re.MULTILINE), name
    for name in rewards._Reply.__struct_fields__[1:]:
        assert re.search(rf"^\| `{name}` \|", TEXT, re.MULTILINE), name


def test_what_is_tried_again_is_listed():
    (row,) = re.findall(r"^\| (401[\d, ]+), 5xx", TEXT, re.MULTILINE)
    assert {int(status) for status in row.split(",")} == rewards.PASSING
    (gates,) = re.findall(r"A ([\d, ]+ or \d+) counts as a no only in JSON", TEXT)
    assert {int(status) for status in re.findall(r"\d+", gates)} == rewards.GATES


def test_the_programme_is_one():
    (found,) = blocks("toml")
    whole = 'slug = "a"\nname = "A"\n[eligibility]\ncurrency = "EUR"\n' + found
    assert parse_toml(whole).offers[0].advocate[0].name == "tree"
