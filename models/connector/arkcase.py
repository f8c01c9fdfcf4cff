from odoo import models

from ...lib.arkcase import SHAPES
from ...lib.arkcase.reader import Reader


class MigrationConnectorArkcase(models.AbstractModel):
    """The API of ArkCase, whose lists are searches and whose records are graphs.

    An endpoint is a table of :mod:`lib.arkcase.reader`; of its settings, the size of
    the pages counts, and whether changes are asked for.
    """

    _name = "migration.connector.arkcase"
    _inherit = "migration.connector.rest"
    _description = "API of ArkCase"

    def _fetch(self, client, endpoint, after=None, since=None):
        options = endpoint._parse(endpoint.options)
        reader = Reader(client, size=endpoint.page_size, **options)
        return reader.records(endpoint.name, after, since)

    def _shape(self, endpoint, record):
        return SHAPES[endpoint.name](record)
