"""Counting all projects, in a few statements; only the rows that change are written."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from preau.core import clock
from preau.portfolio.filters import DORMANT_DAYS, ZONE
from preau.portfolio.models import CELLS, CountedAt

#: Two at once would write the same rows in two orders.
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('portfolio.counting'))"
_COUNTS = """
WITH known AS MATERIALIZED (
    SELECT project.id, departement_code, coalesce(crte_id, '') AS crte_code,
        array_position(%(cells)s, state || ' ' || phase) AS cell, budget_cents, latitude, longitude,
        state IN ('depose', 'pris_en_compte', 'qualifie', 'en_accompagnement') AS live,
        EXISTS (SELECT FROM projects_blockage AS blockage WHERE blockage.project_id = project.id
            AND blockage.state IN ('ouvert', 'pris_en_charge')) AS blocked,
        due_on < %(today)s OR state = 'depose' AND acknowledge_by < %(now)s
            OR phase_status = 'en_retard' AS behind,
        updated_at < %(dormant)s AND (paused_at IS NULL OR paused_until < %(today)s) AS quiet
    FROM projects_project AS project WHERE state <> 'brouillon'
), placed AS (
    SELECT known.*, NULL::bigint AS programme_id FROM known
    UNION ALL
    SELECT known.*, member.programme_id FROM known
    JOIN projects_projectprogramme AS member ON member.project_id = known.id
    WHERE member.until IS NULL
), by_cell AS (
    SELECT departement_code, crte_code, programme_id, cell, count(*) AS projects,
        count(*) FILTER (WHERE live AND blocked) AS blocked,
        count(*) FILTER (WHERE live AND behind) AS late,
        count(*) FILTER (WHERE live AND quiet) AS dormant,
        coalesce(sum(budget_cents), 0) AS budget_cents, count(budget_cents) AS with_budget,
        sum(latitude) AS latitude, sum(longitude) AS longitude, count(latitude) AS with_position
    FROM placed GROUP BY 1, 2, 3, 4
), counted AS MATERIALIZED (
    SELECT departement_code, crte_code, programme_id, ARRAY[{cells}]::integer[] AS cells,
        sum(projects) AS projects, sum(blocked) AS blocked, sum(late) AS late,
        sum(dormant) AS dormant, sum(budget_cents) AS budget_cents,
        sum(with_budget) AS with_budget, sum(latitude) / nullif(sum(with_position), 0) AS latitude,
        sum(longitude) / nullif(sum(with_position), 0) AS longitude
    FROM by_cell GROUP BY GROUPING SETS (
        (departement_code, crte_code, programme_id), (departement_code, programme_id),
        (programme_id))
    HAVING programme_id IS NULL OR GROUPING(crte_code) = 1
), gone AS (
    DELETE FROM portfolio_projectcount AS old WHERE NOT EXISTS (
        SELECT FROM counted
        WHERE (counted.departement_code, counted.crte_code, counted.programme_id)
            IS NOT DISTINCT FROM (old.departement_code, old.crte_code, old.programme_id))
)
INSERT INTO portfolio_projectcount AS old (departement_code, crte_code, programme_id, cells,
    projects, blocked, late, dormant, budget_cents, with_budget, latitude, longitude)
SELECT * FROM counted
ON CONFLICT (departement_code, crte_code, programme_id) DO UPDATE SET
    cells = EXCLUDED.cells, projects = EXCLUDED.projects, blocked = EXCLUDED.blocked,
    late = EXCLUDED.late, dormant = EXCLUDED.dormant, budget_cents = EXCLUDED.budget_cents,
    with_budget = EXCLUDED.with_budget, latitude = EXCLUDED.latitude,
    longitude = EXCLUDED.longitude
WHERE (old.cells, old.projects, old.blocked, old.late, old.dormant, old.budget_cents,
        old.with_budget, old.latitude, old.longitude)
    IS DISTINCT FROM (EXCLUDED.cells, EXCLUDED.projects, EXCLUDED.blocked, EXCLUDED.late,
        EXCLUDED.dormant, EXCLUDED.budget_cents, EXCLUDED.with_budget, EXCLUDED.latitude,
        EXCLUDED.longitude)
"""
_CELL = "coalesce(sum(projects) FILTER (WHERE cell = {number}), 0)"
_FLOWS = """
WITH dated AS (
    SELECT departement_code, deposited_at AS at, 1 AS what FROM projects_project
        WHERE deposited_at IS NOT NULL
    UNION ALL SELECT departement_code, acknowledged_at, 2 FROM projects_project
        WHERE acknowledged_at IS NOT NULL AND origin <> 'import'
    UNION ALL SELECT departement_code, accompanied_at, 3 FROM projects_project
        WHERE accompanied_at IS NOT NULL
    UNION ALL SELECT departement_code, ended_at, CASE state WHEN 'clos' THEN 4 ELSE 5 END
        FROM projects_project WHERE ended_at IS NOT NULL
), counted AS MATERIALIZED (
    SELECT departement_code, date_trunc('month', at AT TIME ZONE %(zone)s)::date AS month,
        count(*) FILTER (WHERE what = 1) AS deposited,
        count(*) FILTER (WHERE what = 2) AS acknowledged,
        count(*) FILTER (WHERE what = 3) AS accompanied,
        count(*) FILTER (WHERE what = 4) AS closed,
        count(*) FILTER (WHERE what = 5) AS turned_away
    FROM dated GROUP BY 1, 2
), gone AS (
    DELETE FROM portfolio_projectflow AS old WHERE NOT EXISTS (
        SELECT FROM counted WHERE (counted.departement_code, counted.month)
            = (old.departement_code, old.month))
)
INSERT INTO portfolio_projectflow AS old (departement_code, month, deposited, acknowledged,
    accompanied, closed, turned_away)
SELECT * FROM counted
ON CONFLICT (departement_code, month) DO UPDATE SET
    deposited = EXCLUDED.deposited, acknowledged = EXCLUDED.acknowledged,
    accompanied = EXCLUDED.accompanied, closed = EXCLUDED.closed,
    turned_away = EXCLUDED.turned_away
WHERE (old.deposited, old.acknowledged, old.accompanied, old.closed, old.turned_away)
    IS DISTINCT FROM (EXCLUDED.deposited, EXCLUDED.acknowledged, EXCLUDED.accompanied,
        EXCLUDED.closed, EXCLUDED.turned_away)
"""


@transaction.atomic
def refresh() -> None:
    """Make every count true as of now; twice is once."""
    now = clock.now()
    values: dict[str, Any] = {
        "now": now,
        "today": clock.today(ZONE),
        "dormant": now - timedelta(days=DORMANT_DAYS),
        "zone": ZONE.key,
        "cells": [f"{state} {phase}" for state, phase in CELLS],
    }
    cells = ", ".join(_CELL.format(number=number) for number, _ in enumerate(CELLS, 1))
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        cursor.execute(_COUNTS.replace("{cells}", cells), values)
        cursor.execute(_FLOWS, values)
    CountedAt.objects.update_or_create(name="projects", defaults={"at": now})
