from . import test_calendars
from . import test_directories
from . import test_undo
