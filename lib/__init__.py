"""Pure Python: reads exports, understands values, compiles mappings. Imports no Odoo."""
