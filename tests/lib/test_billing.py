"""Invoices and their items, made into the lines of a draft."""

from decimal import Decimal

import pytest

from lib.billing import label, make_document, make_line
from lib.errors import Problem

ADVICE = {"name": "Advice", "quantity": 2.0, "price_unit": 150.0}


def line_of(item, case=None):
    return make_line("I1", item, case)[0]


def test_an_item_is_a_line_with_its_quantity_and_price():
    line = line_of({**ADVICE, "amount": 300.0})
    assert (line.source_id, line.quantity, line.price) == ("I1", 2.0, 150.0)


def test_the_case_stands_before_what_the_line_is_for():
    assert line_of(ADVICE, "2024-001").name == "2024-001: Advice"


def test_the_items_own_case_counts_more_than_that_of_the_invoice():
    line = line_of({**ADVICE, "case_reference": "2024-002"}, "2024-001")
    assert line.name == "2024-002: Advice"


@pytest.mark.parametrize(
    ("case", "name", "expected"),
    [
        (None, "Advice", "Advice"),
        ("2024-001", None, "2024-001"),
        ("2024-001", "Advice in 2024-001", "Advice in 2024-001"),
        (None, None, ""),
    ],
)
def test_a_label_never_says_the_case_twice(case, name, expected):
    assert label(case, name) == expected


def test_a_price_without_a_quantity_is_that_of_one():
    line = line_of({"name": "Fee", "price_unit": 80.0})
    assert (line.quantity, line.price) == (1.0, 80.0)


def test_a_price_is_told_by_amount_and_quantity_where_that_is_exact():
    line = line_of({"quantity": 1.5, "amount": 300.0})
    assert (line.quantity, line.price) == (1.5, 200.0)


def test_an_amount_that_cannot_be_divided_stays_whole():
    line, warning = make_line("I1", {"quantity": 3.0, "amount": 100.0})
    assert (line.quantity, line.price, warning) == (1.0, 100.0, None)


def test_an_amount_counts_more_than_quantity_times_price():
    line, warning = make_line("I1", {**ADVICE, "amount": 290.0})
    assert (line.quantity, line.price) == (1.0, 290.0)
    assert warning.code == "item_amount_differs"
    assert "2.00 at 150.00 make 300.00, not 290.00" in warning.text()


def test_an_item_without_any_amount_is_a_problem():
    with pytest.raises(Problem) as caught:
        make_line("I1", {"name": "Advice", "quantity": 2.0})
    assert caught.value.code == "item_without_amount"


def test_a_free_item_is_a_line_of_zero():
    assert line_of({"name": "Courtesy", "amount": 0.0}).price == 0.0


def test_other_values_of_an_item_stay_with_its_line():
    assert line_of({**ADVICE, "x_source_date": "d"}).extra == {"x_source_date": "d"}


def test_an_invoice_has_a_line_an_item_in_their_order():
    document = make_document({"ref": "R"}, [("I1", ADVICE), ("I2", {"amount": 5.0})])
    assert [line.source_id for line in document.lines] == ["I1", "I2"]
    assert (document.is_refund, document.sign, document.warnings) == (False, 1, [])


def test_an_invoice_that_is_negative_as_a_whole_is_a_refund():
    document = make_document({}, [("I1", {"amount": -50.0}), ("I2", {"amount": 20.0})])
    assert (document.is_refund, document.sign) == (True, -1)


def test_a_discount_does_not_make_an_invoice_a_refund():
    document = make_document({}, [("I1", {"amount": 50.0}), ("I2", {"amount": -20.0})])
    assert not document.is_refund


def test_an_invoice_without_items_has_one_line_of_its_net_amount():
    document = make_document(
        {"ref": "R7", "case_reference": "K", "total_amount": 119.0, "tax_amount": 19.0},
        [],
    )
    (line,) = document.lines
    assert (line.name, line.source_id, line.amount) == ("K: R7", None, Decimal(100))


def test_an_invoice_without_items_and_amount_is_a_problem():
    with pytest.raises(Problem) as caught:
        make_document({"ref": "R"}, [])
    assert caught.value.code == "invoice_without_amount"


@pytest.mark.parametrize(
    "amounts",
    [
        {"untaxed_amount": 310.0},
        {"total_amount": 310.0},
        {"total_amount": 369.0, "tax_amount": 59.0},
    ],
)
def test_items_that_make_another_sum_are_a_warning(amounts):
    document = make_document(amounts, [("I1", ADVICE)])
    assert document.warnings[0].code == "invoice_total_differs"
    assert "make 300.00, but it says 310.00" in document.warnings[0].text()


def test_cents_of_floating_point_are_no_difference():
    items = [(str(n), {"amount": 0.1}) for n in range(3)]
    assert make_document({"untaxed_amount": 0.3}, items).warnings == []


def test_a_tax_that_nobody_decided_on_is_a_warning():
    document = make_document({"tax_amount": 57.0}, [("I1", ADVICE)])
    assert [one.code for one in document.warnings] == ["invoice_tax_left_out"]
    assert "57.00" in document.warnings[0].text()


def test_a_tax_that_was_mapped_is_none():
    items = [("I1", {**ADVICE, "tax_ids": [3]})]
    assert make_document({"tax_amount": 57.0}, items).warnings == []
