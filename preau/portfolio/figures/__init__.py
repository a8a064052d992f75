"""What came of the projects, in figures.

Each figure has one definition (`catalogue`) and one query (`delays`, `advice`, `blockages`,
`money`, `phases`, `voices`). Nothing is typed in: every value comes with what it was counted on.
"""
