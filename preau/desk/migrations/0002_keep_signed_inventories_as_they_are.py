"""What was signed stays as it was."""

from django.db import migrations

SIGNED = """
CREATE FUNCTION desk_inventory_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.host_signed_at IS NOT NULL AND OLD.occupant_signed_at IS NOT NULL THEN
    IF TG_OP = 'DELETE' THEN
      RAISE EXCEPTION 'inventory % is signed by both sides', OLD.id
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'inventory_signed_for_good';
    END IF;
    IF (to_jsonb(NEW) - 'document_id') IS DISTINCT FROM (to_jsonb(OLD) - 'document_id')
       OR to_jsonb(OLD) ->> 'document_id' IS NOT NULL THEN
      RAISE EXCEPTION 'inventory % is signed by both sides', OLD.id
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'inventory_signed_for_good';
    END IF;
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  IF OLD.sha256 <> '' AND NEW.sha256 <> '' AND (NEW.sha256 <> OLD.sha256
     OR NEW.items <> OLD.items OR NEW.remarks <> OLD.remarks OR NEW.moment <> OLD.moment
     OR NEW.occupancy_id <> OLD.occupancy_id) THEN
    RAISE EXCEPTION 'inventory % is signed by one side', OLD.id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'inventory_frozen';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER desk_inventory_guard BEFORE UPDATE OR DELETE ON desk_inventory
  FOR EACH ROW EXECUTE FUNCTION desk_inventory_guard();

CREATE FUNCTION desk_inventory_photo_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  frozen text;
BEGIN
  SELECT sha256 INTO frozen FROM desk_inventory
   WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.inventory_id ELSE OLD.inventory_id END;
  IF frozen <> '' THEN
    RAISE EXCEPTION 'the inventory of this picture is signed'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'inventory_frozen';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER desk_inventory_photo_guard BEFORE INSERT OR UPDATE OR DELETE ON desk_inventoryphoto
  FOR EACH ROW EXECUTE FUNCTION desk_inventory_photo_guard();
"""
UNDO_SIGNED = """
DROP TRIGGER desk_inventory_photo_guard ON desk_inventoryphoto;
DROP FUNCTION desk_inventory_photo_guard();
DROP TRIGGER desk_inventory_guard ON desk_inventory;
DROP FUNCTION desk_inventory_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("desk", "0001_tables")]

    operations = [
        migrations.RunSQL(SIGNED, UNDO_SIGNED),
    ]
