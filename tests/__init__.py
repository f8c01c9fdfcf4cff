from . import test_rows_allegory
from . import test_traps
