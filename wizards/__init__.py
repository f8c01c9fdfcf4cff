from . import migration_rollback_wizard
from . import migration_schema_wizard
