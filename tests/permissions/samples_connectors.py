"""A démarche that is offered, and a dossier of the project of the world."""

from functools import cached_property

from tests.connectors.factories import dossier, procedure


class ConnectorsWorld:
    """Added to `samples.World`."""

    @cached_property
    def procedure(self):
        """Proposed by the town, as a service of the State would."""
        return procedure(organization=self.town, confirmed_by=self.people["manager"][0])

    @cached_property
    def grant_dossier(self):
        return dossier(self.project, self.procedure, state="accepte")


#: Arguments by the name of the argument.
CONNECTORS_SAMPLES_BY_ARGUMENT = {
    "procedure_key": lambda world: world.procedure.key,
    "grant_project": lambda world: world.project.key,
    "dossier_key": lambda world: world.grant_dossier.key,
}
