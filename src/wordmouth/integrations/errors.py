"""What can be wrong with what a shop tells."""

from __future__ import annotations

from collections.abc import Sequence

from wordmouth.kit.errors import Invalid


class BadDelivery(Invalid):
    """A body that is not what it says it is. `problems` are pairs of a path into the JSON, such
    as `data.totals.grand` (empty: the body itself), and what is wrong there."""

    code, title = "bad_delivery", "The delivery is not valid"

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        self.problems = list(problems)
        detail = "; ".join(f"{path}: {text}" if path else text for path, text in self.problems)
        listed = [{"path": path, "message": text} for path, text in self.problems]
        super().__init__(detail, errors=listed)
