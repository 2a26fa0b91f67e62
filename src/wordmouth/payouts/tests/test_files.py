"""The files: valid by their schema, the same bytes again, harmless in a spreadsheet."""

import csv
import io
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
import sepaxml
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st

from wordmouth.kit import clock
from wordmouth.payouts import files, queries, sepa, services, tables
from wordmouth.payouts.destinations import Destination
from wordmouth.payouts.errors import BadAccount
from wordmouth.payouts.facts import Answer
from wordmouth.payouts.models import PayingAccount
from wordmouth.payouts.sepa import Credit, Paying
from wordmouth.payouts.tests.world import IBANS, START, World

SCHEMAS = {
    form: xmlschema.XMLSchema(str(Path(sepaxml.__file__).parent / "schemas" / f"{form}.xsd"))
    for form in sepa.FORMS
}
PAYING = Paying(name="Tea & Co. OÜ", iban="EE382200221020145685", bic="")


def read(content: bytes) -> dict[str, list[str]]:
    """The texts of a message by element, whatever its version."""
    found: dict[str, list[str]] = {}
    for element in ElementTree.fromstring(content).iter():
        if element.text:
            found.setdefault(element.tag.rpartition("}")[2], []).append(element.text)
    return found


@pytest.fixture
def paid(tea):
    """A SEPA batch of three that is approved."""
    tea.account(bic="BYLADEM1001")
    for cash, iban in zip((2000, 123456, 9999), IBANS, strict=False):
        tea.advocate(cash, iban=iban)
    batch = tea.make("sepa")
    tea.approve(batch)
    return batch


@pytest.mark.parametrize("form", sepa.FORMS)
def test_the_file_says_who_pays_whom(tea, paid, form):
    tea.account(bic="BYLADEM1001", form=form)
    sheet = tea.export(paid)
    SCHEMAS[form].validate(sheet.content.decode())
    said = read(sheet.content)
    assert f"xsd:{form}" in sheet.content.decode()
    assert sheet.name == f"{paid.id.replace('_', '-')}.xml"
    assert said["MsgId"] == said["PmtInfId"] == [paid.id.replace("_", "-")]
    assert said["NbOfTxs"] == ["3", "3"]
    assert said["CtrlSum"] == ["1354.55", "1354.55"]
    assert said["IBAN"] == ["DE02120300000000202051", *IBANS[:3]]
    assert said["InstdAmt"] == ["20.00", "1234.56", "99.99"]
    assert said["Nm"] == ["Tea + Co", "Tea + Co", "Ana Tamm 1", "Ana Tamm 2", "Ana Tamm 3"]
    assert said["EndToEndId"] == [one.id.replace("_", "-") for one in tea.payouts(paid)]
    assert all(len(text) <= 35 for text in said["EndToEndId"])
    assert said["CreDtTm"] == [clock.now().strftime("%Y-%m-%dT%H:%M:%S")]
    assert "2026-11-21" in said.get("Dt", said.get("ReqdExctnDt", []))
    assert said["BICFI" if form == sepa.FORMS[0] else "BIC"] == ["BYLADEM1001"]
    assert said["Cd"] == ["SEPA"]
    assert said["ChrgBr"] == ["SLEV"]


def test_it_is_the_same_file_again(tea, paid, standing):
    first = tea.export(paid)
    standing.at = standing.at.replace(year=2027)
    tea.account(name="Someone else", bic="")
    assert tea.export(paid, by="user berit") == first
    for payout in tea.payouts(paid):
        tea.hear(Answer(payout_id=payout.id, state="settled"))
    assert tea.batch(paid.id).state == "done"
    assert tea.export(paid) == first
    assert tea.batch(paid.id).sent_by == "user ana"
    assert tea.findings() == []


def test_a_file_that_could_not_be_made_changes_nothing(tea, paid, monkeypatch):
    def broken(*args, **more):
        raise ValueError("not valid")

    monkeypatch.setattr(sepa, "document", broken)
    with pytest.raises(ValueError, match="not valid"):
        tea.export(paid)
    assert tea.batch(paid.id).state == "approved"
    assert tea.cancel(paid).state == "cancelled"


def test_an_account_that_changes_while_the_file_is_made_does_not_matter(tea, paid):
    """What changes the payouts does: the file is then made anew."""
    drawn = files.draw
    juri = tea.advocates[1]
    times: list[object] = []

    def slowly(*args):
        sheet = drawn(*args)
        if not times:
            tea.earn(juri, -1)
        times.append(sheet)
        return sheet

    files.draw = slowly
    try:
        sheet = tea.export(paid)
    finally:
        files.draw = drawn
    assert len(times) == 2
    assert read(sheet.content)["CtrlSum"][0] == "119.99"
    assert [one.state for one in tea.payouts(paid)] == ["sent", "cancelled", "sent"]


@pytest.mark.parametrize("form", sepa.FORMS)
@settings(deadline=None, max_examples=30)
@given(
    name=st.text(min_size=1, max_size=200),
    note=st.text(max_size=300),
    amounts=st.lists(st.integers(1, 99_999_999_999), min_size=1, max_size=4),
)
def test_whatever_people_are_called_the_file_is_valid(form, name, note, amounts):
    credits = [
        Credit(
            id=f"pay_{place:026}",
            amount=amount,
            to=Destination(method="iban", name=f"A{name}", account=IBANS[place]),
        )
        for place, amount in enumerate(amounts)
    ]
    told = {"form": form, "made_at": START, "day": date(2026, 11, 21), "note": f"T{note}"}
    content = sepa.document("bat_" + "0" * 26, PAYING, credits, **told)
    SCHEMAS[form].validate(content.decode())
    total = sum(amounts)
    assert read(content)["CtrlSum"] == [f"{total // 100}.{total % 100:02}"] * 2
    assert read(content)["Id"] == ["NOTPROVIDED"]
    assert sepa.document("bat_" + "0" * 26, PAYING, credits, **told) == content


def test_the_schema_catches_what_would_be_wrong():
    credit = Credit(
        id="pay_" + "0" * 26,
        amount=100,
        to=Destination(method="iban", name="Ana", account="not an account"),
    )
    with pytest.raises(ValueError, match="is not valid"):
        sepa.document(
            "bat_1", PAYING, [credit], form=sepa.FORMS[0], made_at=START,
            day=date(2026, 11, 21), note="x",
        )  # fmt: skip


def test_ids_come_back_from_the_bank():
    own = "pay_01kaprq6y3e7t8zsf9m5v1nd4w"
    assert sepa.payout_id_of(f" {sepa.end_to_end_id(own).upper()} ") == own


class TestTable:
    def rows(self, content: bytes):
        return list(csv.reader(io.StringIO(content.decode(), newline="")))

    def test_any_bank_and_any_payee(self, tea):
        tea.advocate(2000)
        tea.advocate(3050, method="paypal", email="juri@example.com")
        batch = tea.make("csv")
        tea.approve(batch)
        sheet = tea.export(batch)
        one, two = tea.payouts(batch)
        note = f"{tea.store.name}: referral rewards"
        assert self.rows(sheet.content) == [
            list(tables.PAID_COLUMNS),
            [sepa.end_to_end_id(one.id), "iban", "Ana Tamm 1", IBANS[0], "20.00", "EUR", note],
            [sepa.end_to_end_id(two.id), "paypal", "", "juri@example.com", "30.50", "EUR", note],
        ]
        assert tea.export(batch) == sheet

    def test_amounts_have_the_decimals_of_their_currency(self, db, standing):
        tea = World("threshold = 1", currency="JPY")
        tea.advocate(2000)
        batch = tea.make("csv")
        tea.approve(batch)
        assert self.rows(tea.export(batch).content)[1][4] == "2000"

    @settings(deadline=None)
    @given(st.text(max_size=40))
    def test_no_cell_is_a_formula(self, text):
        cell = tables.harmless(text)
        assert not cell.lstrip().startswith(("=", "+", "-", "@"))
        assert cell in (text, f"'{text}")

    @pytest.mark.parametrize("name", ['=HYPERLINK("x")', "+1 Ana", "-Ana", "@Ana"])
    def test_a_holder_with_a_formula_for_a_name(self, tea, name):
        mari = tea.advocate(2000)
        with tea.write():
            services.set_payee(tea.store_id, mari, "iban", name=name, iban=IBANS[0], by="x")
        batch = tea.make("csv")
        tea.approve(batch)
        assert self.rows(tea.export(batch).content)[1][2] == f"'{name}"


class TestPayingAccount:
    @pytest.mark.parametrize(
        ("given_as", "told"),
        [
            ({"iban": "DE38370400440532013000"}, "they would be 89 if the rest is right"),
            ({"iban": "SA0380000000608010167519"}, "SA takes no part in SEPA"),
            ({"name": " "}, "the name of the account's holder is needed"),
            ({"bic": "COBA"}, "8 or 11 signs"),
            ({"form": "pain.008"}, "is pain.001.001.09 or pain.001.001.03, not 'pain.008'"),
        ],
    )
    def test_it_is_checked(self, tea, given_as, told):
        with pytest.raises(BadAccount, match=told):
            tea.account(**given_as)

    def test_it_is_kept_sealed_and_replaced(self, tea):
        tea.account()
        tea.account(name="Tea 2")
        with tea.read():
            found, (row,) = queries.paying_account(), PayingAccount.objects.all()
        assert found is not None
        assert (found.name, found.hint, found.form) == ("Tea 2", "DE02 … 2051", sepa.FORMS[0])
        assert "1203" not in row.details
