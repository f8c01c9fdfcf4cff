"""Workflow definitions of a source, in words: BPMN, JSON, or cells of a sheet.

Nothing is executed. What a definition says is listed as :class:`Automation`.
"""

from .model import Automation, Step
from .read import read_automation
from .suggest import suggest

__all__ = ["Automation", "Step", "read_automation", "suggest"]
