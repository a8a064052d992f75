"""What was sent does not change: scores of a review, steps of a published kit."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION initiatives_scores_of_drafts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  one bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.review_id ELSE NEW.review_id END;
  stands text;
BEGIN
  SELECT state INTO stands FROM initiatives_review WHERE id = one;
  IF stands IS NOT NULL AND stands <> 'brouillon' THEN
    RAISE EXCEPTION 'Scores are written while their review is a draft.'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER initiatives_scores_of_drafts BEFORE INSERT OR UPDATE OR DELETE
  ON initiatives_score FOR EACH ROW EXECUTE FUNCTION initiatives_scores_of_drafts();

CREATE FUNCTION initiatives_kit_steps_of_drafts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  one bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.version_id ELSE NEW.version_id END;
  stands text;
BEGIN
  SELECT state INTO stands FROM initiatives_kitversion WHERE id = one;
  IF stands IS NOT NULL AND stands <> 'brouillon' THEN
    RAISE EXCEPTION 'A published kit does not change: write another version.'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER initiatives_kit_steps_of_drafts BEFORE INSERT OR UPDATE OR DELETE
  ON initiatives_kitstep FOR EACH ROW EXECUTE FUNCTION initiatives_kit_steps_of_drafts();
"""
BACK = """
DROP TRIGGER initiatives_scores_of_drafts ON initiatives_score;
DROP FUNCTION initiatives_scores_of_drafts();
DROP TRIGGER initiatives_kit_steps_of_drafts ON initiatives_kitstep;
DROP FUNCTION initiatives_kit_steps_of_drafts();
"""


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0004_create_workshops")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
