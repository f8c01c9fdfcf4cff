from . import test_file
