"""docs/generic-format.md is true: its examples run, its tables name every field, its figures
are those of the code."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import msgspec
import pytest
import standardwebhooks

from tests.floor_plan.plan import ROOT
from tests.harness.patience import PATIENCE
from wordmouth.fulfilment.ports import CouponSpec
from wordmouth.integrations.generic import coupons, parse, wire
from wordmouth.kit import http, signing
from wordmouth.orders.contents import contents_of
from wordmouth.orders.merge import told_by
from wordmouth.outbox import rules
from wordmouth.referrals.eligible import GoodsRules, basis_of

TEXT = (ROOT / "docs" / "generic-format.md").read_text()
EFFECTS = (ROOT / "docs" / "effects.md").read_text()
SECRET = "whsec_YSBzZWNyZXQgdGhhdCBvbmx5IHdlIHR3byBrbm93ISE="


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


@contextmanager
def receiving():
    """An address that keeps what it is sent and answers 202."""
    taken = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            taken.append(({k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(202)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *args):
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/in/str_1/generic", taken
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("language", "command", "suffix"),
    [
        ("python", sys.executable, ".py"),
        ("php", "php", ".php"),
        ("js", "node", ".cjs"),
        ("sh", "sh", ".sh"),
    ],
)
def test_each_example_sends_a_delivery_that_counts(language, command, suffix, tmp_path):
    if shutil.which(command) is None:
        pytest.skip(f"{command} is not installed here, so its example cannot run")
    script = tmp_path / f"example{suffix}"
    script.write_text(blocks(language)[0])
    with receiving() as (url, taken):
        environment = {**os.environ, "WORDMOUTH_URL": url, "WORDMOUTH_SECRET": SECRET}
        done = subprocess.run(
            [command, str(script)],
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    assert done.stdout.strip() == "202", done.stderr
    ((headers, body),) = taken
    standardwebhooks.Webhook(SECRET).verify(body, headers)
    (order,) = parse.parse(body).orders
    assert (order.id, order.totals.grand) == ("1001", 4900)


def test_the_worked_example_is_right():
    rows = dict(re.findall(r"^\| `?([a-z-]+)`? \| `(.*)` \|$", TEXT, re.MULTILINE))
    assert rows["secret"] == SECRET
    expected = signing.sign_webhook(
        signing.secret_bytes(SECRET),
        rows["webhook-id"],
        int(rows["webhook-timestamp"]),
        rows["body"].encode(),
    )
    assert rows["webhook-signature"] == expected
    assert parse.parse(rows["body"].encode()).orders


def test_the_customer_token_is_right():
    example = next(block for block in blocks("python") if "wm-customer" in block)
    done = subprocess.run(
        [sys.executable, "-c", example],
        env={**os.environ, "WORDMOUTH_SECRET": SECRET},
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    assert done.stdout.strip() == blocks("text")[0].strip()
    payload = signing.open_token(signing.secret_bytes(SECRET), "wm-customer", done.stdout.strip())
    assert json.loads(payload)["email"] == "mari@example.com"


def test_the_example_order_is_taken_whole():
    example = next(block for block in blocks("json") if '"totals"' in block)
    order = parse.order_from(example.encode())
    assert all(getattr(order, name) is not msgspec.UNSET for name in order.__struct_fields__)


def test_what_counts_of_the_second_example_is_what_the_text_says():
    example = [block for block in blocks("json") if '"totals"' in block][1]
    contents = contents_of(told_by(parse.order_from(example.encode())))
    counted = basis_of(contents, GoodsRules())
    said = re.search(r"so ([\d.]+) count; .* so ([\d.]+) are left", TEXT)
    assert said is not None
    assert [f"{counted.basis / 100:.2f}", f"{counted.left / 100:.2f}"] == list(said.groups())
    assert counted.reasons == ()


@pytest.mark.parametrize(
    "struct",
    [
        wire.Order,
        wire.Totals,
        wire.Customer,
        wire.Line,
        wire.Refund,
        wire.RefundLine,
        wire.Attribution,
        wire.Product,
    ],
)
def test_every_field_is_named(struct):
    unnamed = [name for name in struct.__struct_fields__ if not re.search(rf"\b{name}\b", TEXT)]
    assert not unnamed


def test_every_term_of_a_coupon_is_in_the_example_and_the_table():
    (example,) = [block for block in blocks("json") if "coupon.issue" in block]
    request = json.loads(example)
    spec = CouponSpec(
        code="X",
        kind="percent_off",
        value=10,
        currency="EUR",
        min_order=None,
        expires_at=None,
        usage_limit=1,
        customer_email=None,
        description="",
    )
    sent = coupons._issue_data(spec)
    assert set(request["data"]) == set(sent)
    for kind in coupons.KINDS:
        assert f"`{kind}`" in TEXT
        more = coupons._issue_data(msgspec.structs.replace(spec, kind=kind))
        for name in more:
            assert re.search(rf"^\|[^|]*`{name}`", TEXT, re.MULTILINE), name


def test_the_figures_are_those_of_the_code():
    assert f"more than {signing.TOLERANCE_SECONDS} seconds off" in TEXT
    assert f"{http.MAX_ANSWER_BYTES // 1024} kB" in TEXT
    assert f"within {http.TOTAL_SECONDS:.0f} seconds" in TEXT
    assert " or ".join(map(str, sorted(http.PUBLIC_PORTS))) in TEXT
    for state in coupons.STATES:
        assert f"`{state}`" in TEXT


def test_the_table_of_pauses_is_that_of_the_code():
    units = {"second": 1, "minute": 60, "hour": 3600}
    told = []
    row = r"^\| ([\d, ]+) \| (\d+) (second|minute|hour)s? \|"
    for tries, count, unit in re.findall(row, EFFECTS, re.MULTILINE):
        told += [int(count) * units[unit]] * len(tries.split(","))
    assert told == [int(pause.total_seconds()) for pause in rules.BACKOFF]
    refusals = re.search(r"^\| ([\d, ]+) from a shop", EFFECTS, re.MULTILINE)
    assert refusals is not None
    assert {int(status) for status in refusals[1].split(",")} == coupons.REFUSALS
