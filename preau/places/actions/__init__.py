"""Every write on places, spaces, photos and roles: one atomic verb each."""

from preau.places.actions.feeds import renew_feed_secret
from preau.places.actions.photos import add_photo, describe_photo, move_photo, remove_photo
from preau.places.actions.places import (
    archive_place,
    create_place,
    edit_place,
    publish_place,
    unpublish_place,
)
from preau.places.actions.roles import give_role, remove_role
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
    "add_photo",
    "archive_place",
    "archive_space",
    "create_place",
    "create_space",
    "describe_photo",
    "divide_space",
    "duplicate_space",
    "edit_place",
    "edit_space",
    "give_role",
    "move_photo",
    "publish_place",
    "publish_space",
    "remove_photo",
    "remove_role",
    "renew_feed_secret",
    "resize_pool",
    "undivide_space",
    "unpublish_place",
    "unpublish_space",
]
