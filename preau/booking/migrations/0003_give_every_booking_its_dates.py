"""Every booking had one occupancy: it becomes its one date. Requests under way get their accord."""

from django.db import migrations

FORWARD = """
INSERT INTO booking_bookingdate (booking_id, occupancy_id, state, reason, fee_cents)
SELECT id, occupancy_id, 'prevue', '', 0 FROM booking_booking;

UPDATE booking_booking AS b
SET starts_at = lower(o.period), ends_at = upper(o.period)
FROM availability_occupancy AS o WHERE o.id = b.occupancy_id;

INSERT INTO booking_approval
    (booking_id, position, approver, label, hours, state, opened_at, decided_at, decided_by_id)
SELECT b.id, 1, 'gestionnaire', 'Gestionnaire du lieu', s.response_hours,
       CASE b.state WHEN 'refusee' THEN 'refuse'
                    WHEN 'confirmee' THEN 'donne' ELSE 'en_attente' END,
       b.requested_at,
       CASE WHEN b.state IN ('refusee', 'confirmee') THEN b.decided_at END,
       CASE WHEN b.state IN ('refusee', 'confirmee') THEN b.decided_by_id END
FROM booking_booking AS b JOIN places_space AS s ON s.id = b.space_id
WHERE b.answer_by IS NOT NULL AND b.state IN ('demandee', 'a_modifier', 'confirmee', 'refusee');
"""
BACKWARD = "DELETE FROM booking_approval; DELETE FROM booking_bookingdate;"


class Migration(migrations.Migration):
    dependencies = [("booking", "0002_rules_dates_and_accords")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
