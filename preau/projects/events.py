"""What has just happened here, for the rooms above and for our own handlers."""

from django.dispatch import Signal

#: (project, actor): a draft was filed; both services of the pair are to be told.
project_deposited = Signal()
#: (project, before, actor, reason): it changed state.
project_moved = Signal()
#: (blockage, actor): somebody said what holds a project back.
blockage_opened = Signal()
#: (recommendation, actor): it was sent to the holder.
recommendation_sent = Signal()
#: (recommendation, answer, actor): the holder answered.
recommendation_answered = Signal()
