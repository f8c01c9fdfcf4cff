"""Odoo's scoring counts a lead by its values: when these move, the count moves along.

What users have won or lost was counted by the values that a migration gave to it. When
these change, or are given back, it counts as if they had always been what they are now.
"""


class ScoredLeads:
    """What was counted of some records, as long as their values change.

    :param records: recordset of any model; only leads are counted
    """

    def __init__(self, records):
        self._leads = records if records._name == "crm.lead" else None
        if self._leads:
            self._counted = self._leads._counted()

    def settle(self):
        """Count the leads by the values that they have now."""
        if self._leads:
            self._leads._recount(self._counted)
