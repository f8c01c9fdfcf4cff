"""What the tests with Accounting share: a company that has a chart of accounts."""

from unittest import SkipTest

from ..common import MigrationCase


class AccountCase(MigrationCase):
    """Migrations into a database that has Accounting."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "account.move" not in cls.env:
            raise SkipTest("Accounting is not installed here")
        cls.env.ref("base.EUR").active = True
        cls.company = cls.env.company
        if not cls.company.chart_template:
            cls.env["account.chart.template"].try_loading(
                "generic_coa", cls.company, install_demo=False
            )
        cls.env.flush_all()
