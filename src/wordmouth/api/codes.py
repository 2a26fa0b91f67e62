"""The offer behind a code: `GET codes/{code}`, for the door in front of Django and for its view.

Two things are looked up, and can be kept apart: whose code it is, of which there are many, and
what its programme offers (the face), of which there are few.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from sys import intern
from typing import Any

import msgspec
from django.utils import translation

from wordmouth.advocates.errors import UnknownCode
from wordmouth.messages.voice import plain_name
from wordmouth.programs import queries as programs
from wordmouth.stores import queries as stores
from wordmouth.stores import versions
from wordmouth.stores.addresses import referral_link
from wordmouth.stores.sets import SetReader, read_set
from wordmouth.stores.transactions import store_read
from wordmouth.visits.errors import NotClaimable

KEPT_SECONDS = 60
"""How long a caller may keep the answer before asking again."""

# The version joined, PostgreSQL reads those of all stores for the few that are asked for.
_OWNERS = """
SELECT c.code, a.code, a.store_id, a.program_id, a.offer, p.first_name,
    (SELECT n.number FROM stores_storeversion n WHERE n.store_id = a.store_id)
FROM advocates_referralcode c
JOIN advocates_advocate a ON a.id = c.advocate_id AND a.status = 'active'
JOIN people_person p ON p.id = a.person_id
WHERE c.code {in_set}
"""


class FaceKey(msgspec.Struct, frozen=True):
    """Which offer of which programme, in which language."""

    store_id: str
    program_id: str
    offer: str
    language: str


class Owner(msgspec.Struct, frozen=True):
    """Whose code it is. `code` is the advocate's own, which may be another one of theirs;
    `version` the store's when this was read."""

    code: str
    store_id: str
    program_id: str
    offer: str
    first_name: str
    version: int | None

    @property
    def stamp(self) -> tuple[str, int] | None:
        """The version that it has, for a cache."""
        return (self.store_id, self.version) if self.version is not None else None


class Face(msgspec.Struct, frozen=True):
    """What is the same for all codes of an offer, written already; `closed` where nobody new can
    claim it. `stamp` is the version that it has, for a cache."""

    store: msgspec.Raw
    offer: msgspec.Raw
    closed: bool
    stamp: tuple[str, int] | None


class _Referrer(msgspec.Struct):
    first_name: str


class _Answer(msgspec.Struct):
    """`shapes.CodeOffer`, of parts that are written already."""

    code: str
    url: str
    store: msgspec.Raw
    advocate: _Referrer
    offer: msgspec.Raw


def find_owners(codes: Sequence[str]) -> dict[str, Owner | None]:
    """Whose these canonical codes are, in one statement; None for a code that leads nowhere.

    Needs no scope: a code names no store.
    """
    return _owners(codes, read_set(_OWNERS, codes))


async def find_owners_now(read: SetReader, codes: Sequence[str]) -> dict[str, Owner | None]:
    """The same from the event loop. Raises what `read` raises."""
    return _owners(codes, await read(_OWNERS, codes, 7))


def _owners(codes: Sequence[str], rows: Iterable[Sequence[Any]]) -> dict[str, Owner | None]:
    found: dict[str, Owner | None] = dict.fromkeys(codes)
    for asked, code, store_id, program_id, offer, first_name, number in rows:
        found[asked] = Owner(
            code=code,
            store_id=intern(store_id),
            program_id=intern(program_id),
            offer=intern(offer),
            first_name=plain_name(first_name),
            version=number,
        )
    return found


def find_face(key: FaceKey) -> Face:
    """What the offer looks like, worded in the language."""
    # They bring what the whole API is made of: loaded by the first question, in its own thread.
    from wordmouth.api.shapes import StoreName
    from wordmouth.api.views_offers import offer_shape

    stamp = versions.stamp_of(key.store_id)
    store = stores.store(key.store_id)
    with store_read(key.store_id), translation.override(key.language):
        program = programs.programs([key.program_id])[key.program_id]
        offer = offer_shape(program.version.document, key.offer)
    name = StoreName(name=store.name, slug=store.slug, shop_url=store.shop_url)
    return Face(
        store=msgspec.Raw(name.model_dump_json().encode()),
        offer=msgspec.Raw(offer.model_dump_json().encode()),
        closed=not program.takes_friends,
        stamp=stamp,
    )


def known(owner: Owner | None) -> Owner:
    """The owner, if there is one. Raises UnknownCode."""
    if owner is None:
        raise UnknownCode("This referral code leads nowhere; check its spelling.")
    return owner


def face_key(owner: Owner, language: str) -> FaceKey:
    """The face that belongs to somebody's code."""
    return FaceKey(owner.store_id, owner.program_id, owner.offer, language)


def body_of(owner: Owner, face: Face) -> bytes:
    """The answer. Raises NotClaimable when nobody new can take the offer."""
    if face.closed:
        raise NotClaimable("This programme takes no new friends at the moment.")
    return msgspec.json.encode(
        _Answer(
            code=owner.code,
            url=referral_link(owner.code),
            store=face.store,
            advocate=_Referrer(owner.first_name),
            offer=face.offer,
        )
    )
