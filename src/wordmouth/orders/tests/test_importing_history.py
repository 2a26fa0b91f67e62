"""Files of orders: columns, rows, ids, and problems with their lines."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import UNSET

from wordmouth.kit.errors import Invalid
from wordmouth.orders.importing import rows
from wordmouth.orders.importing.columns import FIELDS, BadColumns, layout
from wordmouth.orders.importing.history import Options, Read, columns_of, read
from wordmouth.orders.importing.rows import BadFile
from wordmouth.orders.reading import IMPORTED_REFUND
from wordmouth.orders.snapshot import OrderSnapshot, Refund, Totals

DAY = datetime(2026, 1, 2, tzinfo=UTC)
HEAD = "id,date,email,total\n"


def file(folder: Path, text: str | bytes, name: str = "orders.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def options(path: Path, **given: Any) -> Options:
    given.setdefault("form", rows.guess_form(path))
    given.setdefault("currency", "EUR")
    if given["form"] == "csv":
        encoding = given.get("encoding", "utf-8")
        given.setdefault("delimiter", rows.guess_delimiter(path, encoding))
    return Options(**given)


def decode(line: bytes) -> OrderSnapshot:
    try:
        return msgspec.json.decode(line, type=OrderSnapshot)
    except msgspec.MsgspecError as error:
        raise Invalid(str(error)) from error


def reads(path: Path, **given: Any) -> list[Read]:
    return list(read(path, options(path, **given), decode))


def orders(path: Path, **given: Any) -> list[OrderSnapshot]:
    found = reads(path, **given)
    assert [each.problem for each in found if each.problem] == []
    return [each.order for each in found if each.order is not None]


def problems(path: Path, **given: Any) -> list[tuple[int, str]]:
    return [(each.line, each.problem) for each in reads(path, **given) if each.problem]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_plain_table(tmp_path: Path, delimiter: str) -> None:
    text = HEAD.replace(",", delimiter) + delimiter.join(["7", "2026-01-02", "a@b.example", "9.50"])
    (order,) = orders(file(tmp_path, text))
    assert (order.id, order.placed_at, order.paid_at) == ("7", DAY, DAY)
    assert order.totals == Totals(grand=950)
    assert order.customer is not None
    assert order.customer.email == "a@b.example"


def test_columns_parted_by_spaces(tmp_path: Path) -> None:
    text = " customer_id  date number_of_cds  dollar_value\n 00001 19970101  1   11.77\n"
    (order,) = orders(file(tmp_path, text), currency="USD")
    assert order.customer is not None
    assert (order.customer.id, order.totals.grand, order.currency) == ("00001", 1177, "USD")


def test_no_header_but_names(tmp_path: Path) -> None:
    path = file(tmp_path, "00001 19970101 1 11.77\n")
    columns = ("customer_id", "placed_at", "quantity", "grand")
    (order,) = orders(path, header=False, columns=columns)
    assert order.totals.grand == 1177
    with pytest.raises(BadFile, match="--columns"):
        columns_of(path, options(path, header=False))


def test_rows_without_an_id_get_one_of_their_own(tmp_path: Path) -> None:
    row = "2026-01-02,a@b.example,9.50\n"
    path = file(tmp_path, "date,email,total\n" + row + row + row.replace("9.50", "9.51"))
    first = [order.id for order in orders(path)]
    assert len(set(first)) == 3
    assert first[1] == f"{first[0]}-2"
    assert first == [order.id for order in orders(path)]
    wider = file(tmp_path, "total,note,email,date\n9.50,x,a@b.example,2026-01-02\n", "wider.csv")
    assert [order.id for order in orders(wider)] == first[:1]


def test_every_bad_row_is_told_with_its_line(tmp_path: Path) -> None:
    text = (
        HEAD
        + '1,2026-01-02,"a@b.example",9.50\n'
        + '2,2026-01-02,"a\n@b.example",9.50\n'
        + "3,yesterday,a@b.example,9.50\n"
        + "4,2026-01-02,ab.example,9.50\n"
        + "\n"
        + "5,2026-01-02,a@b.example,-9.50\n"
        + "6,2026-01-02,a@b.example\n"
        + ",2026-01-02,a@b.example,9.50\n"
        + "8,2026-01-02,a@b.example,\n"
        + f"{'9' * 121},2026-01-02,a@b.example,9.50\n"
        + "10,2026-01-02,,9.50\n"
    )
    found = problems(file(tmp_path, text))
    assert [line for line, _ in found] == [3, 5, 6, 8, 9, 10, 11, 12]
    words = ["e-mail", "no date", "e-mail", "negative", "3 cells", "id is empty", "grand is empty"]
    for (_, problem), word in zip(found, [*words, "120 characters"], strict=True):
        assert word in problem


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = file(tmp_path, "id,when,email,total\n1,2026-01-02,a@b.example,9\n")
    with pytest.raises(BadColumns, match=r"placed_at.*--map COLUMN=placed_at"):
        reads(path)
    (order,) = orders(path, mapping={"when": "placed_at"})
    assert order.placed_at == DAY


@pytest.mark.parametrize(
    ("mapping", "complaint"),
    [
        ({"whenn": "placed_at"}, "no column 'whenn'"),
        ({"date": "placed"}, "no field 'placed'"),
        ({"date": "placed_at", "id": "placed_at"}, "Two columns"),
    ],
)
def test_a_wrong_mapping_is_refused(mapping: dict[str, str], complaint: str) -> None:
    with pytest.raises(BadColumns, match=complaint):
        layout(["id", "date", "email", "total"], mapping)


def test_a_column_can_be_left_out() -> None:
    found = layout(["id", "date", "total", "status"], {"status": ""})
    assert "status" not in found.places
    assert found.unused() == ["status"]


def test_every_field_can_be_read(tmp_path: Path) -> None:
    cells = dict.fromkeys(FIELDS, "2026-01-02") | {
        "id": "1", "number": "#1", "email": "a@b.example", "customer_id": "c1",
        "first_name": "A", "last_name": "B", "grand": "95", "items": "100", "subtotal": "90",
        "discount": "-10", "shipping": "4", "tax": "1", "refunded": "5", "currency": "usd",
        "status": "paid", "code": "x, Y|x", "country": "ee",
    }  # fmt: skip
    text = "\t".join(cells) + "\n" + "\t".join(cells.values())
    (order,) = orders(file(tmp_path, text))
    assert order.totals == Totals(grand=9500, items=10000, discount=1000, shipping=400, tax=100)
    assert order.refunds == (Refund(id=IMPORTED_REFUND, amount=500),)
    assert order.discount_codes == ("X", "Y")
    assert (order.number, order.currency, order.country) == ("#1", "USD", "EE")
    assert order.fulfilled_at == order.delivered_at == order.cancelled_at == order.updated_at == DAY


SHOPIFY = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Total,"
    "Discount Code,Discount Amount,Created at,Lineitem name,Shipping Country,Refunded Amount,Id\n"
    "#1001,a@b.example,paid,2026-01-02 12:00:00 +0200,fulfilled,EUR,45.00,4.00,0.00,49.00,"
    "WELCOME,5.00,2026-01-02 11:00:00 +0200,Tea,EE,0.00,5001\n"
    "#1001,a@b.example,,,,,,,,,,,2026-01-02 11:00:00 +0200,Cup,,,\n"
    "#1002,c@d.example,pending,,,EUR,10.00,0.00,0.00,10.00,,0.00,2026-01-03 11:00:00 +0200,Tea,FI,"
    "0.00,5002\n"
)


def test_an_export_of_shopify(tmp_path: Path) -> None:
    path = file(tmp_path, SHOPIFY)
    first, second = orders(path)
    assert (first.id, first.number) == ("5001", "#1001")
    assert first.totals == Totals(grand=4900, items=5000, discount=500, shipping=400, tax=0)
    assert first.paid_at == datetime(2026, 1, 2, 10, tzinfo=UTC)
    assert first.discount_codes == ("WELCOME",)
    assert first.refunds == ()
    assert second.paid_at is None
    assert len(reads(path)) == 3


def test_an_older_export_of_shopify_is_known_by_its_numbers(tmp_path: Path) -> None:
    text = "\n".join(line.rpartition(",")[0] for line in SHOPIFY.splitlines())
    assert [order.id for order in orders(file(tmp_path, text))] == ["#1001", "#1002"]


def test_an_export_of_woocommerce(tmp_path: Path) -> None:
    text = (
        "Order Number,Order Status,Order Date,First Name (Billing),Last Name (Billing),"
        "Email (Billing),Country Code (Billing),Order Subtotal Amount,Cart Discount Amount,"
        "Order Shipping Amount,Order Refund Amount,Order Total Amount,Coupon Code\n"
        "17,Completed,2026-01-02 10:00,Ana,Kask,ana@example.com,EE,50,5,4,0,49,TEA\n"
        "18,Cancelled,2026-01-02 10:00,Ben,Tamm,ben@example.com,EE,50,0,4,0,54,\n"
        "19,Refunded,2026-01-02 10:00,Cy,Sepp,cy@example.com,EE,50,0,4,54,54,\n"
    )
    text += "20,Chargeback,2026-01-02 10:00,Di,Ots,di@example.com,EE,50,0,4,0,54,\n"
    done, cancelled, refunded, charged_back = orders(file(tmp_path, text))
    assert done.totals == Totals(grand=4900, items=5000, discount=500, shipping=400)
    assert done.customer is not None
    assert (done.customer.first_name, done.customer.last_name) == ("Ana", "Kask")
    assert cancelled.paid_at is None
    assert cancelled.cancelled_at == cancelled.placed_at
    assert refunded.refunds == (Refund(id=IMPORTED_REFUND, amount=5400),)
    assert charged_back.paid_at == charged_back.charged_back_at == charged_back.placed_at


def test_history_that_does_not_tell_of_payment_counts_as_paid(tmp_path: Path) -> None:
    path = file(tmp_path, HEAD + "1,2026-01-02,a@b.example,9.50\n")
    assert orders(path)[0].paid_at == DAY
    assert orders(path, unpaid=True)[0].paid_at is UNSET
    told = file(tmp_path, "id,date,paid at,total\n1,2026-01-02,,9.50\n", "told.csv")
    assert orders(told)[0].paid_at is None


def test_json_lines(tmp_path: Path) -> None:
    good = {"id": "1", "updated_at": "2026-01-02T00:00:00Z", "currency": "EUR"}
    lines = [
        msgspec.json.encode({**good, "totals": {"grand": 5}}),
        b"",
        msgspec.json.encode({**good, "id": "2", "paid_at": None, "totals": {"grand": 5}}),
        b'{"id": "3"',
    ]
    found = reads(file(tmp_path, b"\n".join(lines), "orders.jsonl"))
    assert [(each.line, each.number) for each in found] == [(1, 1), (3, 2), (4, 3)]
    first, second, bad = found
    assert first.order is not None
    assert second.order is not None
    assert (first.order.paid_at, second.order.paid_at) == (DAY, None)
    assert bad.order is None
    assert bad.problem


def test_the_form_is_known_by_name_and_content(tmp_path: Path) -> None:
    assert rows.guess_form(file(tmp_path, "{}", "a.ndjson")) == "jsonl"
    assert rows.guess_form(file(tmp_path, '\n {"id": 1}', "export.txt")) == "jsonl"
    assert rows.guess_form(file(tmp_path, HEAD, "export.txt")) == "csv"


def test_other_encodings_are_said_not_guessed(tmp_path: Path) -> None:
    path = file(tmp_path, (HEAD + "1,2026-01-02,a@b.example,9\nÕ1,2026,x,9").encode("cp1252"))
    with pytest.raises(BadFile, match=r"Line 3 is not utf-8.*--encoding"):
        reads(path)
    assert len(reads(path, encoding="cp1252")) == 2


def test_a_byte_order_mark_is_no_part_of_a_name(tmp_path: Path) -> None:
    text = "\ufeff" + HEAD + "1,2026-01-02,a@b.example,9.50\n"
    assert len(orders(file(tmp_path, text))) == 1


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_an_empty_file_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadFile, match="empty"):
        reads(file(tmp_path, text))


def test_a_broken_table_is_refused_with_its_line(tmp_path: Path) -> None:
    path = file(tmp_path, HEAD + '1,"2026"x,a@b.example,9\n')
    with pytest.raises(BadFile, match="Line 2"):
        reads(path)


def test_how_much_was_read_ends_at_the_end(tmp_path: Path) -> None:
    path = file(tmp_path, HEAD + "1,2026-01-02,õ@b.example,9.50\n" * 3)
    assert reads(path)[-1].read == path.stat().st_size
