"""Makes ``lib`` and ``servers`` importable by that name, as these tests do."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(1, str(Path(__file__).parents[1]))
