from . import test_broken_readings
from . import test_file
from . import test_rest
