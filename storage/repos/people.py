"""Persons: which conversations and accounts are of one human being."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, exists, func, insert, select, update

from storage.repos.base import AnyRow, Repo, upsert
from storage.rows.base import table
from storage.rows.identity import PersonAccountRow, PersonLinkRow, PersonRow

_persons, _links, _accounts = table(PersonRow), table(PersonLinkRow), table(PersonAccountRow)
_p, _l, _a = _persons.c, _links.c, _accounts.c


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """A person; ``has_document`` tells that a document is known, which nobody can read back."""

    id: str
    nombre: str | None
    has_document: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PersonAccount:
    """An account of a person; ``apodo`` is the person's own word for it."""

    cuenta: str
    relacion: str
    apodo: str | None
    verified: bool
    linked_at: datetime
    verified_at: datetime | None


_PERSON_OF = select(_l.person_id).where(_l.conversation_id == bindparam("whose"))
_CONVERSATIONS_OF = (
    select(_l.conversation_id).where(_l.person_id == bindparam("whose")).order_by(_l.linked_at, _l.conversation_id)
)
_VERIFIED = (
    select(_l.conversation_id)
    .join(_accounts, _a.person_id == _l.person_id)
    .where(_a.cuenta == bindparam("wanted"), _a.verified)
    .order_by(_l.conversation_id)
)
_GET = select(_persons).where(_p.id == bindparam("whose"))
_ACCOUNTS = select(_accounts).where(_a.person_id == bindparam("whose")).order_by(_a.linked_at, _a.cuenta)
_SAME = (
    select(_p.id)
    .join(_accounts, _a.person_id == _p.id)
    .where(_a.cuenta == bindparam("wanted"), _a.verified, _p.documento_index == bindparam("index"))
    .order_by(_p.created_at, _p.id)
)
_OTHERS = select(func.count()).where(_a.cuenta == bindparam("wanted"), _a.verified, _a.person_id != bindparam("whose"))
_ADD_PERSON = insert(_persons).inline()
_ADD_LINK = {
    dialect: statement.on_conflict_do_update(
        index_elements=["conversation_id"],
        set_={"person_id": statement.excluded.person_id, "linked_at": statement.excluded.linked_at},
    )
    for dialect, statement in upsert(_links).items()
}
_ADD_ACCOUNT = {
    dialect: statement.on_conflict_do_update(
        index_elements=["person_id", "cuenta"],
        set_={
            "relacion": statement.excluded.relacion,
            "apodo": func.coalesce(statement.excluded.apodo, _a.apodo),
            # What was proved once stays proved until it is unlinked.
            "verified": _a.verified | statement.excluded.verified,
            "verified_at": func.coalesce(statement.excluded.verified_at, _a.verified_at),
        },
    )
    for dialect, statement in upsert(_accounts).items()
}
_SET_PERSON = update(_persons).where(_p.id == bindparam("whose"))
_UNLINK_ACCOUNT = delete(_accounts).where(_a.person_id == bindparam("whose"), _a.cuenta == bindparam("wanted"))
_UNLINK = delete(_links).where(_l.conversation_id == bindparam("whose"))
_DROP_ACCOUNTS = delete(_accounts).where(_a.person_id == bindparam("whose"))
_DROP_LINKS = delete(_links).where(_l.person_id == bindparam("whose"))
_DROP_PERSON = delete(_persons).where(_p.id == bindparam("whose"))
_MOVE_LINKS = update(_links).where(_l.person_id == bindparam("gone")).values(person_id=bindparam("stays"))
_HAS_LINKS = select(exists().where(_l.person_id == bindparam("whose")))


class People(Repo):
    """The ``persons``, ``person_links`` and ``person_accounts`` tables."""

    def person_of(self, conversation_id: str) -> str | None:
        """Return the id of the person who writes in a conversation, or None when nobody was ever verified there."""
        found: str | None = self._run(_PERSON_OF, {"whose": conversation_id}).scalar()
        return found

    def conversations_of(self, person_id: str) -> list[str]:
        """Return the conversations of a person, the oldest link first."""
        return [row.conversation_id for row in self._all(_CONVERSATIONS_OF, {"whose": person_id})]

    def conversations_with(self, conversation_id: str) -> list[str]:
        """Return every conversation of the person who writes in this one, itself included."""
        person = self.person_of(conversation_id)
        return self.conversations_of(person) if person else [conversation_id]

    def verified_conversations(self, cuenta: str) -> list[str]:
        """Return the conversations of every person who proved to reach the contact of the account."""
        return [row.conversation_id for row in self._all(_VERIFIED, {"wanted": cuenta})]

    def get(self, person_id: str) -> PersonRecord | None:
        """Return a person, or None."""
        row = self._first(_GET, {"whose": person_id})
        if row is None:
            return None
        nombre = self._open_text(row.nombre, f"persons:{row.id}:nombre")
        return PersonRecord(row.id, nombre, row.documento_index is not None, row.created_at)

    def accounts_of(self, person_id: str) -> list[PersonAccount]:
        """Return the accounts of a person, the oldest first."""
        return [self._account(row) for row in self._all(_ACCOUNTS, {"whose": person_id})]

    def account_of(self, person_id: str, cuenta: str) -> PersonAccount | None:
        """Return one account of a person, or None when it is not linked."""
        return next((each for each in self.accounts_of(person_id) if each.cuenta == cuenta), None)

    def same_person(self, cuenta: str, documento: str) -> list[str]:
        """Return the persons verified for the account who gave that very document, the oldest first."""
        values = {"wanted": cuenta, "index": self._index(documento)}
        return [row.id for row in self._all(_SAME, values)]

    def others_verified(self, cuenta: str, person_id: str) -> int:
        """Return how many other persons are verified for the account."""
        return int(self._run(_OTHERS, {"wanted": cuenta, "whose": person_id}).scalar_one())

    def has_document(self, person_id: str, documento: str) -> bool:
        """Tell whether the person's document is that one."""
        row = self._first(_GET, {"whose": person_id})
        return row is not None and row.documento_index == self._index(documento)

    def add(self, person_id: str, at: datetime) -> None:
        """Begin a person of whom nothing is known yet."""
        self._run(_ADD_PERSON, {"id": person_id, "created_at": at, "updated_at": at})

    def know(self, person_id: str, at: datetime, *, nombre: str | None = None, documento: str | None = None) -> None:
        """Keep a name or a document of the person; None leaves what is known."""
        values: dict[str, object] = {"updated_at": at}
        if nombre:
            values["nombre"] = self._seal_text(nombre, f"persons:{person_id}:nombre")
        if documento:
            values["documento_index"] = self._index(documento)
        self._run(_SET_PERSON.values(**values), {"whose": person_id})

    def link(self, conversation_id: str, person_id: str, at: datetime) -> None:
        """Say that a conversation is of a person, and of nobody else.

        Raises:
            Conflict: there is no such person.
        """
        values = {"conversation_id": conversation_id, "person_id": person_id, "linked_at": at}
        self._run(_ADD_LINK[self._dialect], values)

    def link_account(
        self, person_id: str, cuenta: str, at: datetime, *, relacion: str, apodo: str | None = None, verified: bool
    ) -> None:
        """Link an account to a person, or bring the link up to date; a proof is never lost by linking again.

        Raises:
            Conflict: there is no such person.
        """
        self._run(
            _ADD_ACCOUNT[self._dialect],
            {
                "person_id": person_id,
                "cuenta": cuenta,
                "relacion": relacion,
                "apodo": self._seal_text(apodo, f"person_accounts:{person_id}:{cuenta}:apodo"),
                "verified": verified,
                "linked_at": at,
                "verified_at": at if verified else None,
            },
        )

    def unlink_account(self, person_id: str, cuenta: str) -> bool:
        """Cut an account from a person; return whether it was linked."""
        return self._run(_UNLINK_ACCOUNT, {"whose": person_id, "wanted": cuenta}).rowcount == 1

    def merge(self, gone: str, stays: str) -> None:
        """Give everything of ``gone`` to ``stays``, who is found to be the same human being, and erase ``gone``."""
        for account in self.accounts_of(gone):
            known = self.account_of(stays, account.cuenta)
            self.link_account(
                stays,
                account.cuenta,
                account.verified_at or account.linked_at,
                relacion=known.relacion if known else account.relacion,
                apodo=account.apodo if known is None or known.apodo is None else None,
                verified=account.verified,
            )
        self._run(_MOVE_LINKS, {"gone": gone, "stays": stays})
        self._drop(gone)

    def forget(self, person_id: str) -> None:
        """Erase a person, with the links to conversations and accounts."""
        self._run(_DROP_LINKS, {"whose": person_id})
        self._drop(person_id)

    def unlink(self, conversation_id: str) -> None:
        """Cut a conversation from its person; a person without conversations is erased."""
        person = self.person_of(conversation_id)
        if person is None:
            return
        self._run(_UNLINK, {"whose": conversation_id})
        if not self._run(_HAS_LINKS, {"whose": person}).scalar():
            self._drop(person)

    def _drop(self, person_id: str) -> None:
        self._run(_DROP_ACCOUNTS, {"whose": person_id})
        self._run(_DROP_PERSON, {"whose": person_id})

    def _index(self, documento: str) -> str:
        return self._keys.blind("".join(documento.split()).casefold(), "persons:documento")

    def _account(self, row: AnyRow) -> PersonAccount:
        place = f"person_accounts:{row.person_id}:{row.cuenta}:apodo"
        apodo = self._open_text(row.apodo, place)
        return PersonAccount(row.cuenta, row.relacion, apodo, row.verified, row.linked_at, row.verified_at)
