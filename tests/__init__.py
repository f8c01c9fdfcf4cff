from . import test_rows_allegory
from . import test_traps
from . import test_bad_input
from . import test_silence
