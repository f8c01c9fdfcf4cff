from odoo import api, models

from .engine.rehearsal import is_rehearsal


class IrAttachment(models.Model):
    """The filestore knows no rollback: a dry run puts nothing there."""

    _inherit = "ir.attachment"

    @api.model
    def _file_write(self, bin_value, checksum):
        """In a dry run, give the name the file would have."""
        if is_rehearsal(self.env.cr):
            return self._get_path(bin_value, checksum)[0]
        return super()._file_write(bin_value, checksum)
