"""Addresses of stories."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from preau.initiatives.views import stories, writing_stories

_MINE = "mes-recits/<uuid:story_key>"

urlpatterns: list[URLPattern | URLResolver] = [
    path("recits/", stories.story_list, name="story_list"),
    path("recits/<uuid:story_key>/", stories.show, name="story_show"),
    path("recits/<uuid:story_key>/signaler/", stories.signal, name="story_signal"),
    path("recits/photos/<int:story_photo_id>.webp", stories.photo, name="story_photo"),
    path("mes-recits/", writing_stories.mine, name="story_mine"),
    path(
        "mes-recits/lieu/<uuid:story_sheet_key>/nouveau/",
        writing_stories.create_of_place,
        name="story_create_of_place",
    ),
    path(
        "mes-recits/projet/<uuid:story_project_key>/nouveau/",
        writing_stories.create_of_project,
        name="story_create_of_project",
    ),
    path(f"{_MINE}/", writing_stories.manage, name="story_manage"),
    path(f"{_MINE}/modifier/", writing_stories.edit, name="story_edit"),
    path(f"{_MINE}/photos/", writing_stories.photos, name="story_photos"),
    path(f"{_MINE}/publier/", writing_stories.publish, name="story_publish"),
    path(f"{_MINE}/retirer/", writing_stories.withdraw, name="story_withdraw"),
    path(f"{_MINE}/reprendre/", writing_stories.take_up, name="story_take_up"),
    path(f"{_MINE}/retirer-du-site/", writing_stories.take_off, name="story_take_off"),
    path(f"{_MINE}/signalements/", writing_stories.close_signals, name="story_close_signals"),
    path(
        "mes-recits/photos/<int:story_photo_id>/retirer/",
        writing_stories.remove_photo,
        name="story_photo_remove",
    ),
]
