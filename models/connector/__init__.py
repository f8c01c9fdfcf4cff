from . import base
from . import file
from . import rest
