"""The pair's addresses: assignments, people of a service, pairs."""

PAIR_SAMPLES = {
    "projects:service_person": lambda world: {
        "service_id": world.state_pair.ddt_id,
        "user_id": world.state_pair.ddt.referent_id,
    },
    "projects:pair_edit": lambda world: {"code": world.state_pair.departement_id},
}
PAIR_SAMPLES_BY_ARGUMENT = {
    "assignment_id": lambda world: world.project.assignments.earliest("pk").pk,
}
