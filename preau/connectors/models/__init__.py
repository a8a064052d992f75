"""Tables of links with outside services."""

from preau.connectors.models.dossiers import Dossier, DossierMove
from preau.connectors.models.procedures import Procedure

__all__ = ["Dossier", "DossierMove", "Procedure"]
