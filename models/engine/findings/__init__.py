from . import examiner
from . import records
from . import columns
from . import duplicates
from . import references
from . import owners
from . import exports
from . import coverage
