from . import migration_rollback_wizard
