from . import verifier
from . import counts
from . import values
from . import spot
from . import files
