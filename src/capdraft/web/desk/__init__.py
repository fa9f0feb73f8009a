"""The desk: one claim beside its document, decided by keyboard or mouse."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from capdraft.web.desk import changes, deciding, pages
from capdraft.web.routes import post

_FIELD = "/{slug}/{capability}/{field}"

routes: list[BaseRoute] = [
    Route("/desk", pages.start),
    Route("/desk/finished", pages.finished),
    Route("/desk/again", post(changes.again), methods=["POST"]),
    Route(f"/desk{_FIELD}", pages.show),
    Route(f"/desk{_FIELD}/documents", pages.documents),
    Route(f"/desk{_FIELD}/accept", post(deciding.accept), methods=["POST"]),
    Route(f"/desk{_FIELD}/reject", post(deciding.turn_down), methods=["POST"]),
    Route(f"/desk{_FIELD}/edit", post(deciding.change), methods=["POST"]),
    Route(f"/desk{_FIELD}/skip", post(changes.skip), methods=["POST"]),
    Route(f"/desk{_FIELD}/check", post(changes.check), methods=["POST"]),
    Route(f"/claim{_FIELD}", post(changes.hold), methods=["POST"]),
    Route("/undo", post(changes.undo), methods=["POST"]),
]

__all__ = ["routes"]
