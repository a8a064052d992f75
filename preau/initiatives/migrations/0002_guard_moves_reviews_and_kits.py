"""States go one way; what was sent does not change: scores of a review, steps of a published kit."""

from django.db import migrations

MOVES = """
CREATE FUNCTION initiatives_guard_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT (OLD.state || '>' || NEW.state = ANY (TG_ARGV)) THEN
        RAISE EXCEPTION '% % does not go from % to %.', TG_TABLE_NAME, OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER listing_moves BEFORE UPDATE OF state ON initiatives_listing
    FOR EACH ROW EXECUTE FUNCTION initiatives_guard_moves(
        'brouillon>a_verifier', 'brouillon>publiee', 'brouillon>retiree',
        'a_verifier>brouillon', 'a_verifier>publiee', 'a_verifier>retiree',
        'publiee>a_verifier', 'publiee>retiree', 'publiee>expiree', 'publiee>conclue',
        'expiree>publiee', 'expiree>a_verifier', 'expiree>retiree', 'expiree>conclue',
        'retiree>brouillon');
CREATE TRIGGER campaign_moves BEFORE UPDATE OF state ON initiatives_campaign
    FOR EACH ROW EXECUTE FUNCTION initiatives_guard_moves(
        'preparee>ouverte', 'preparee>annulee',
        'ouverte>reussie', 'ouverte>echue', 'ouverte>annulee');
CREATE TRIGGER pledge_moves BEFORE UPDATE OF state ON initiatives_pledge
    FOR EACH ROW EXECUTE FUNCTION initiatives_guard_moves(
        'a_confirmer>promis', 'a_confirmer>annule',
        'promis>confirme', 'promis>recu', 'promis>annule',
        'confirme>recu', 'confirme>annule');
CREATE TRIGGER story_moves BEFORE UPDATE OF state ON initiatives_story
    FOR EACH ROW EXECUTE FUNCTION initiatives_guard_moves(
        'brouillon>publie', 'publie>retire', 'publie>brouillon', 'retire>brouillon');
"""
UNDO_MOVES = """
DROP TRIGGER listing_moves ON initiatives_listing;
DROP TRIGGER campaign_moves ON initiatives_campaign;
DROP TRIGGER pledge_moves ON initiatives_pledge;
DROP TRIGGER story_moves ON initiatives_story;
DROP FUNCTION initiatives_guard_moves();
"""
SENT = """
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
UNDO_SENT = """
DROP TRIGGER initiatives_scores_of_drafts ON initiatives_score;
DROP FUNCTION initiatives_scores_of_drafts();
DROP TRIGGER initiatives_kit_steps_of_drafts ON initiatives_kitstep;
DROP FUNCTION initiatives_kit_steps_of_drafts();
"""


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0001_tables")]

    operations = [
        migrations.RunSQL(MOVES, UNDO_MOVES),
        migrations.RunSQL(SENT, UNDO_SENT),
    ]
