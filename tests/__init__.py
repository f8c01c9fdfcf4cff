from . import test_rows_allegory
