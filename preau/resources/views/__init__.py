"""Pages of the library: everybody's under /ressources/, keepers' under /gerer/ressources/."""
