"""What the tests start to look into a database: prints a store's orders as a count and a digest.

The digest holds everything that an import says of an order and who is taken for one person, but
neither ids nor moments that differ from one import to the next.
"""

from __future__ import annotations

import hashlib
import json
import sys


def main() -> None:
    from wordmouth.project.serve import prepare

    prepare()
    from wordmouth.orders.models import ImportRun, Order
    from wordmouth.people.models import PersonKey
    from wordmouth.stores import queries
    from wordmouth.stores.transactions import store_read

    with store_read(queries.store_by_slug(sys.argv[1]).id):
        known = PersonKey.objects.order_by("kind", "value").values_list("person_id", "value")
        names: dict[str, list[str]] = {}
        for person, value in known:
            names.setdefault(person, []).append(value)
        digest, count = hashlib.sha256(), 0
        fields = ("external_id", "person_id", "currency", "grand", "placed_at", "paid_at", "facts")
        for external_id, person, *rest in Order.objects.order_by("external_id").values_list(
            *fields
        ):
            count += 1
            digest.update(repr((external_id, names[person], rest)).encode())
        runs = list(ImportRun.objects.values_list("position", "taken", "refused"))
    found = {"orders": count, "digest": digest.hexdigest(), "runs": runs}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
