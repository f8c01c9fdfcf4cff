{
    "name": "CRM Migration",
    "summary": "Move a whole CRM into Odoo, watch it, check it, and undo it",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM Migration Maintainers",
    "license": "LGPL-3",
    "depends": ["crm", "calendar"],
    "external_dependencies": {"python": ["openpyxl", "lxml", "requests"]},
    "data": [],
    "installable": True,
    "application": True,
}
