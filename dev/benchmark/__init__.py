"""This engine against Odoo's own import: same rows, same machine, one run."""
