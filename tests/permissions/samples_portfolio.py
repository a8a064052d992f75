"""What the addresses of the portfolio take: a contract, a programme, territories."""

from functools import cached_property

from preau.territories.models import Crte


class PortfolioWorld:
    @cached_property
    def crte(self):
        departement = self.project.lead_commune.departement
        return Crte.objects.create(code="crte-1", name="CRTE du Trièves", departement=departement)

    @cached_property
    def territory(self):
        return self.project.lead_commune.departement


PORTFOLIO_SAMPLES = {
    "portfolio:crte": lambda world: {"code": world.crte.pk},
    "portfolio:programme": lambda world: {"slug": world.programme.slug},
    "portfolio:region": lambda world: {"code": world.territory.region_id},
    "portfolio:departement": lambda world: {"code": world.territory.pk},
}
