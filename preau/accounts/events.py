"""News of the room, past tense; and one question asked before an account closes."""

from django.dispatch import Signal

#: `(user)`: each receiver returns the live duties that forbid closing, as French sentences'
#: ends ("annulez votre réservation du 12 mars"); an empty list when there are none.
account_closing = Signal()
#: `(user)`: it is closed; each room empties what named the person.
account_closed = Signal()
#: `(organization)`: it may act in public from now on.
organization_verified = Signal()
