from . import base
from . import file
from . import rest
from . import arkcase
from . import chakra
from . import chakra_coverage
