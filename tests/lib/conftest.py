"""Makes ``lib`` importable by that name, as the tests of this folder do."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
