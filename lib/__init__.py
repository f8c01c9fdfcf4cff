"""Pure Python: reads exports, understands values, compiles mappings. No Odoo here."""
