"""Every write on places, spaces, photos and roles: one atomic verb each."""

from preau.places.actions.places import (
    archive_place,
    create_place,
    edit_place,
    publish_place,
    unpublish_place,
)
from preau.places.actions.spaces import (
    archive_space,
    create_space,
    duplicate_space,
    edit_space,
    publish_space,
    unpublish_space,
)
from preau.places.actions.units import (
    Combination,
    Part,
    add_combination,
    divide_space,
    resize_pool,
    undivide_space,
)

__all__ = [
    "Combination",
    "Part",
    "add_combination",
    "archive_place",
    "archive_space",
    "create_place",
    "create_space",
    "divide_space",
    "duplicate_space",
    "edit_place",
    "edit_space",
    "publish_place",
    "publish_space",
    "resize_pool",
    "undivide_space",
    "unpublish_place",
    "unpublish_space",
]
