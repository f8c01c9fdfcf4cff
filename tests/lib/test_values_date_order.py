"""How the order of a column's dates is found."""

import pytest

from lib.values.dates import OrderScan, infer_order, parse_date


@pytest.mark.parametrize(
    "values, order",
    [
        ([], None),
        (["", None, "soon", 5, 1488536430000, True], None),
        (["2017-03-03", "2017-12-25T10:00:00Z"], None),
        (["3 Mar 2017", "March 25, 2017"], None),
        (["05/05/2017", "1/1/2020"], None),
        (["2017/03/03", "2017.12.25"], "ymd"),
        (["03/04/2017", "25/12/2017"], "dmy"),
        (["03/04/2017", "12/25/2017"], "mdy"),
        (["03/04/2017 10:00", "12/25/2017 5:07 PM"], "mdy"),
        (["2017-03-03", "03/04/2017", "25/12/2017"], "dmy"),
        (["2017/03/03", "25/12/2017"], "dmy"),
        (["03/04/2017", "05/06/2018"], "ambiguous"),
        (["05/05/2017", "05/06/2018"], "ambiguous"),
        (["3-4-17"], "ambiguous"),
        (["25/12/2017", "12/25/2017"], "mixed"),
        (["25.12.2017", "12/25/2017"], "mixed"),
        (["03.04.2017"], "dmy"),
        (["03.04.2017", "12.25.2017"], "mdy"),
        (["03.04.2017", "12/25/2017"], "mixed"),
        (["03.04.2017", "03/04/2017"], "ambiguous"),
        (["03.04.2017", "25/12/2017"], "dmy"),
        (["25/12/17", "03/01/18"], "dmy"),
        (["12/31/99", "01/02/03"], "mdy"),
        (["99/12/31", "03/04/05"], "ymd"),
        (["99/12/31", "25/12/2017"], "mixed"),
        (["31/02/2017", "03/04/2017"], "dmy"),
        (["45/45/2017", "00/00/0000", "1.234.567", "192.168.1.1"], None),
    ],
)
def test_a_column_shows_its_order(values, order):
    assert infer_order(values) == order
    assert infer_order(reversed(values)) == order


def test_a_scan_can_be_asked_while_it_goes_on():
    scan = OrderScan()
    assert scan.result() is None
    scan.add("03/04/2017")
    assert scan.result() == "ambiguous"
    scan.add("13/04/2017")
    assert scan.result() == "dmy"
    scan.add("04/13/2017")
    assert scan.result() == "mixed"


@pytest.mark.parametrize(
    "values",
    [
        ["03/04/2017", "25/12/2017", "2017-03-03", "1 May 2017"],
        ["03/04/17", "12/25/17"],
        ["99/12/31", "03/04/05"],
        ["03.04.2017", "3.4.17"],
        ["05/05/2017"],
    ],
)
def test_every_value_can_be_read_by_the_order_that_was_found(values):
    order = infer_order(values)
    assert all(parse_date(value, order) for value in values)
