from . import migration_handover_wizard
from . import migration_rollback_wizard
from . import migration_correction_wizard
from . import migration_leave_out_wizard
from . import migration_purge_wizard
from . import migration_schema_wizard
from . import migration_mapping_wizard
from . import migration_mapping_test_wizard
