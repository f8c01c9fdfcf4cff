from . import base
from . import file
