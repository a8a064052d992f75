"""Roles in words: what each may do, as the people of a project read it."""

from __future__ import annotations

from preau.projects.enums import ProjectRole

MAY = {
    ProjectRole.HOLDER: "Porte le projet : modifie la fiche, répond aux recommandations, écrit"
    " partout, invite et change les rôles.",
    ProjectRole.PILOT: "Conduit le projet avec le porteur : écrit, dépose des fichiers, confie des"
    " actions, invite, y compris d’autres pilotes.",
    ProjectRole.SUPPORT: "Aide le projet : écrit, dépose des fichiers, tient des actions, invite"
    " des appuis et des observateurs.",
    ProjectRole.OBSERVER: "Lit la fiche, les conversations et les fichiers des membres. N’écrit"
    " rien.",
}
#: Weakest first.
RANKS = (ProjectRole.OBSERVER, ProjectRole.SUPPORT, ProjectRole.PILOT, ProjectRole.HOLDER)


def rank(role: str) -> int:
    return RANKS.index(ProjectRole(role))
