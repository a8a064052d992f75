"""Every figure again, with loops over the rows: no query of the room is used."""

from datetime import timedelta

from preau.projects.models import (
    Blockage,
    FundingRequest,
    ImpactReview,
    Project,
    ProjectEvent,
    Recommendation,
    RecommendationAnswer,
)

LIVE = {"depose", "pris_en_compte", "qualifie", "en_accompagnement"}
RANK = {"idee": 0, "etude": 1, "operation": 2}


def percentile(values, part):
    """Linear between the two nearest, as PostgreSQL does."""
    if not values:
        return None
    values = sorted(values)
    place = part * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return round(values[low] + (values[high] - values[low]) * (place - low), 1)


def days(start, end):
    return (end - start).total_seconds() / 86400


def share(part, whole):
    return round(100 * part / whole, 1) if whole else None


def by_hand(keep, now):
    """Figures of the projects that `keep` takes: key → (value, numerator, denominator, waiting)."""
    projects = [one for one in Project.objects.all() if one.state != "brouillon" and keep(one)]
    keys = {one.pk for one in projects}

    def of(model):
        return [row for row in model.objects.order_by("pk") if row.project_id in keys]

    found = {}
    found |= _delays(projects, of(Blockage))
    found |= _advice(projects, of(Recommendation), now)
    found |= _blockages(projects, of(Blockage))
    found |= _money(of(FundingRequest))
    found |= _phases(projects, of(ProjectEvent), now)
    found |= _voices(projects, of(Recommendation), of(ImpactReview))
    return found


def _delays(projects, blockages):
    projects = [one for one in projects if one.origin != "import"]
    found, ends = {}, {}
    for one in projects:
        theirs = [row for row in blockages if row.project_id == one.pk]
        lifted = [row.ended_at for row in theirs if row.state in {"leve", "contourne"}]
        ends[one.pk] = (min(lifted) if lifted else None, bool(theirs))
    for key in ("acknowledged", "advised", "unblocked"):
        waits, waiting = [], 0
        for one in projects:
            end = {
                "acknowledged": one.acknowledged_at,
                "advised": one.first_advice_at,
                "unblocked": ends[one.pk][0],
            }[key]
            if end:
                waits.append(days(one.deposited_at, end))
            elif one.state in LIVE and (key != "unblocked" or ends[one.pk][1]):
                waiting += 1
        found[f"{key}_median"] = (percentile(waits, 0.5), None, len(waits), waiting)
        found[f"{key}_p90"] = (percentile(waits, 0.9), None, len(waits), waiting)
    return found


def _advice(projects, rows, now):
    sent = [row for row in rows if row.state != "brouillon"]
    found = {"sent": (len(sent), None, len(projects), None)}
    tests = {
        "seen": lambda row: row.seen_at or row.answered_at,
        "answered": lambda row: row.answered_at,
        "realised": lambda row: row.state == "realisee",
        "refused": lambda row: row.state == "refusee",
    }
    for key, test in tests.items():
        good = sum(1 for row in sent if test(row))
        found[key] = (share(good, len(sent)), good, len(sent), None)
    for key, name, limit in (("seen_7", "seen_at", 7), ("answered_30", "answered_at", 30)):
        old = [row for row in sent if row.sent_at <= now - timedelta(days=limit)]
        good = [
            row
            for row in old
            if getattr(row, name) and getattr(row, name) - row.sent_at <= timedelta(days=limit)
        ]
        found[key] = (share(len(good), len(old)), len(good), len(old), len(sent) - len(old))
    waits = [days(row.sent_at, row.answered_at) for row in sent if row.answered_at]
    still = [row for row in sent if not row.answered_at and row.state != "caduque"]
    found["answer_median"] = (percentile(waits, 0.5), None, len(waits), len(still))
    return found


def _blockages(projects, rows):
    lifted = [row for row in rows if row.state in {"leve", "contourne"}]
    still = sum(
        1 for row in rows if row.state in {"ouvert", "pris_en_charge"} and row.project.state in LIVE
    )
    gone = sum(1 for row in rows if row.state == "abandonne")
    lasted = [days(row.opened_at, row.ended_at) for row in lifted]
    return {
        "blockages": (len(rows), None, len(projects), None),
        "lifted": (share(len(lifted), len(rows)), len(lifted), len(rows), still),
        "lifted_median": (percentile(lasted, 0.5), None, len(lifted), still),
        "lifted_p90": (percentile(lasted, 0.9), None, len(lifted), still),
        "abandoned": (share(gone, len(rows)), gone, len(rows), None),
    }


def _money(rows):
    sent = [row for row in rows if row.state in {"deposee", "accordee", "refusee"}]
    granted = [row for row in sent if row.state == "accordee"]
    waiting = [row for row in sent if row.state == "deposee"]
    answered = [row for row in sent if row.state != "deposee"]
    euros = sum(row.granted_cents for row in granted)
    asked, with_money = {row.project_id for row in sent}, {row.project_id for row in granted}
    return {
        "asked_euros": (sum(row.asked_cents for row in sent) / 100, None, len(sent), None),
        "granted_euros": (euros / 100, None, len(granted), len(waiting)),
        "granted_share": (
            share(len(granted), len(answered)),
            len(granted),
            len(answered),
            len(waiting),
        ),
        "granted_rate": (
            share(euros, sum(row.asked_cents for row in answered)),
            None,
            len(answered),
            len(waiting),
        ),
        "funded": (share(len(with_money), len(asked)), len(with_money), len(asked), None),
    }


def _phase(project, events, moment):
    said = [row for row in events if row.kind == "phase" and row.project_id == project.pk]
    said.sort(key=lambda row: (row.at, row.pk))
    past = [row.after for row in said if row.at <= moment and row.after]
    if past:
        return past[-1]
    to_come = [row.before for row in said if row.at > moment and row.before]
    return to_come[0] if to_come else project.phase


def _phases(projects, events, now):
    found = {}
    for key, limit in (("6", 182), ("12", 365)):
        after = timedelta(days=limit)
        old = [one for one in projects if one.deposited_at <= now - after]
        on = [
            one
            for one in old
            if RANK[_phase(one, events, one.deposited_at + after)]
            > RANK[_phase(one, events, one.deposited_at)]
        ]
        found[f"advanced_{key}"] = (
            share(len(on), len(old)),
            len(on),
            len(old),
            len(projects) - len(old),
        )
        if key == "6":
            for name, advised in (("advised", True), ("alone", False)):
                group = [one for one in old if _early(one) is advised]
                good = [one for one in on if _early(one) is advised]
                found[f"advanced_6_{name}"] = (
                    share(len(good), len(group)),
                    len(good),
                    len(group),
                    None,
                )
    return found


def _early(project):
    first = project.first_advice_at
    return bool(first) and first - project.deposited_at <= timedelta(days=91)


def _voices(projects, recommendations, reviews):
    said = []
    for row in recommendations:
        answers = [
            one
            for one in RecommendationAnswer.objects.filter(recommendation=row)
            if one.helpful is not None
        ]
        if row.state != "brouillon" and answers:
            said.append(max(answers, key=lambda one: (one.at, one.pk)).helpful)
    closed = [one for one in projects if one.state == "clos"]
    done = {row.project_id for row in reviews if row.finished_at}
    reviewed = sum(1 for one in closed if one.pk in done)
    holders = [row for row in reviews if row.finished_at and row.side == "porteur"]
    marks = [row.satisfaction for row in holders if row.satisfaction]
    made = sum(1 for row in holders if row.difference in {1, 2})
    return {
        "helpful": (share(sum(said), len(said)), sum(said), len(said), None),
        "reviewed": (share(reviewed, len(closed)), reviewed, len(closed), None),
        "satisfaction": (
            round(sum(marks) / len(marks), 1) if marks else None,
            None,
            len(marks),
            None,
        ),
        "difference": (share(made, len(holders)), made, len(holders), None),
    }
