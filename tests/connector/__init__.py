from . import test_file
from . import test_rest
