"""What the commands of this folder share: how Odoo, its packages, its database
server and its databases come to be, all below ``.dev`` of the checkout.

Only the standard library is imported at module level: these modules also run under
the system's Python, before there is a virtual environment.
"""
