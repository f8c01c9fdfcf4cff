"""What the API of Chakra says, as flat rows; knows neither Odoo nor HTTP."""
