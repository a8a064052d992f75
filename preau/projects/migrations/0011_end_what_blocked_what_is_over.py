"""« Bloqué » is never said of a project that is over: what stood there ended with it."""

from django.db import migrations

END = """
UPDATE projects_blockage AS blockage
SET state = 'abandonne', ended_at = greatest(project.ended_at, blockage.opened_at),
    end_reason = 'Terminé avec le projet.'
FROM projects_project AS project
WHERE project.id = blockage.project_id AND project.state IN ('clos', 'refuse', 'reoriente')
    AND blockage.state IN ('ouvert', 'pris_en_charge')
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0010_keep_what_is_half_written")]
    operations = [migrations.RunSQL(END, migrations.RunSQL.noop)]
