"""The worker's part of drawing up."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from preau.agreements.actions import drawing


@app.task(
    name=drawing.RENDER,
    retry=RetryStrategy(max_attempts=10, exponential_wait=4),
)
def render(*, agreement_id: int) -> None:
    """Render the agreement and open its round; once done, nothing more happens."""
    drawing.render_agreement(agreement_id)
