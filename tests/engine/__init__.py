from importlib.util import find_spec

from . import test_deriver
from . import test_delta
from . import test_differential
from . import test_display
from . import test_linker
from . import test_listed
from . import test_repeats
from . import test_column_facts
from . import test_reading
from . import test_engine
from . import test_worker
from . import test_resolver
from . import test_queries
from . import test_reconciliation
from . import test_stager
from . import test_undo_watch
from . import test_staging
from . import test_patience
from . import test_proposer
from . import test_refiner
from . import test_auditor
from . import test_schema
from . import test_schema_options
from . import test_findings
from . import test_history
from . import test_knowledge
from . import test_values_given
from . import test_references
from . import test_stamps
from . import test_values
from . import test_matching
from . import test_match_rules
from . import test_match_candidates
from . import test_match_review

# Only the tests need it: a database without it runs the others.
if find_spec("hypothesis"):
    from . import test_properties
