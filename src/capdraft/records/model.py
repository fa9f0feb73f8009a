"""What all records share: unknown keys are errors, and a value never changes after it was made."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict

from capdraft.text import check_slug, sha256


def to_utc_seconds(moment: datetime) -> datetime:
    """Return `moment` in UTC without fractions of a second."""
    return moment.astimezone(UTC).replace(microsecond=0)


Slug = Annotated[str, AfterValidator(check_slug)]
Moment = Annotated[AwareDatetime, AfterValidator(to_utc_seconds)]


class Model(BaseModel):
    """A strict, frozen pydantic model."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def content_id(item: Model) -> str:
    """Return the id that its content gives; what is not set doesn't count, so that ids last."""
    said = item.model_dump(mode="json", exclude={"id", "schema_"}, exclude_defaults=True)
    return sha256(json.dumps(said, sort_keys=True, ensure_ascii=False))[:12]
