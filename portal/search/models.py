"""Tables of synonyms: words that mean the same in this field, and what owners say with the words of
the field for it, as administrators keep them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, UtcDateTime, one_of

LONGEST_MEMBER = 50
LONGEST_NOTE = 200


class SynonymCategory(StrEnum):
    """What a group speaks of; it orders the list and has no effect on a search."""

    MONEY = "money"
    LIFE = "life"
    """The life of a firm, from founding to closing."""
    HIRING = "hiring"
    DIGITAL = "digital"
    ENERGY = "energy"
    SALES = "sales"
    PREMISES = "premises"
    DEVELOPMENT = "development"
    DISASTER = "disaster"
    PROCEDURE = "procedure"
    PROGRAMME = "programme"
    BODY = "body"
    """Agencies, authorities, banks and other bodies."""
    INDUSTRY = "industry"
    PRODUCT = "product"
    PLACE = "place"
    OTHER = "other"

    @property
    def label(self) -> str:
        """What it is called on pages and in exports."""
        return _CATEGORY_LABELS[self]


_CATEGORY_LABELS = {
    SynonymCategory.MONEY: "お金・補助",
    SynonymCategory.LIFE: "創業から廃業まで",
    SynonymCategory.HIRING: "人・雇用",
    SynonymCategory.DIGITAL: "デジタル",
    SynonymCategory.ENERGY: "エネルギー・環境",
    SynonymCategory.SALES: "販路・宣伝",
    SynonymCategory.PREMISES: "店・設備",
    SynonymCategory.DEVELOPMENT: "研究・開発",
    SynonymCategory.DISASTER: "災害・備え",
    SynonymCategory.PROCEDURE: "手続き",
    SynonymCategory.PROGRAMME: "制度の名前",
    SynonymCategory.BODY: "機関・団体",
    SynonymCategory.INDUSTRY: "業種",
    SynonymCategory.PRODUCT: "品物",
    SynonymCategory.PLACE: "場所",
    SynonymCategory.OTHER: "その他",
}


class SynonymGroup(Base):
    """Words and phrases that mean the same; or, if some are added, sayings and what is searched for
    in their place.

    Removed groups stay as rows: the defaults that ship with the portal must not bring back what an
    administrator took away.
    """

    __tablename__ = "synonym_group"
    __table_args__ = (
        CheckConstraint(one_of("category", SynonymCategory), name="category_known"),
        CheckConstraint("default_key <> ''", name="default_key_given"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    default_key: Mapped[str | None] = mapped_column(String(60), unique=True)
    """Which of the defaults it is; None for a group made here."""
    category: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(LONGEST_NOTE), default="")
    is_enabled: Mapped[bool] = mapped_column(default=True)
    is_edited: Mapped[bool] = mapped_column(default=False)
    """True once an administrator changed or removed it: new defaults then leave it alone."""
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    members: Mapped[list["SynonymMember"]] = relationship(
        order_by="SynonymMember.position", cascade="all, delete-orphan"
    )

    @property
    def texts(self) -> tuple[str, ...]:
        """Its words in order, those that are added aside."""
        return tuple(member.text for member in self.members if not member.is_added)

    @property
    def added(self) -> tuple[str, ...]:
        """The words that are searched for where one of ``texts`` is said; mostly none."""
        return tuple(member.text for member in self.members if member.is_added)


class SynonymMember(Base):
    """One word or phrase of a group. The first is the one people should use."""

    __tablename__ = "synonym_member"
    __table_args__ = (
        CheckConstraint(f"length(text) BETWEEN 1 AND {LONGEST_MEMBER}", name="text_length"),
    )

    group_id: Mapped[int] = mapped_column(ForeignKey("synonym_group.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    is_added: Mapped[bool] = mapped_column(default=False)
    """True for what is searched for where others of the group are said, but not the other way
    round."""
    text: Mapped[str] = mapped_column(String(LONGEST_MEMBER))


class SynonymRevision(Base):
    """The one row that counts changes, so that a process sees for little whether its copy of all
    groups is still good."""

    __tablename__ = "synonym_revision"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(Integer)
