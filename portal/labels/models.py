"""Tables of labels that administrators changed. A code that is in no row is called what ships."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, UtcDateTime
from portal.listings.vocabulary import RENAMED_FACETS

LONGEST_LABEL = 40
LONGEST_KANA = 80
LONGEST_SHORT = 20


class VocabularyLabel(Base):
    """What a code is called instead of what ships. Without a row it follows what ships."""

    __tablename__ = "vocabulary_label"
    __table_args__ = (
        CheckConstraint(f"facet IN {RENAMED_FACETS!r}", name="facet_known"),
        CheckConstraint(f"length(label) BETWEEN 1 AND {LONGEST_LABEL}", name="label_length"),
        CheckConstraint(f"length(kana) BETWEEN 1 AND {LONGEST_KANA}", name="kana_length"),
        CheckConstraint(
            f"(facet = 'industry' AND length(short_label) BETWEEN 1 AND {LONGEST_SHORT})"
            " OR (facet <> 'industry' AND short_label = '')",
            name="industry_has_short",
        ),
    )

    facet: Mapped[str] = mapped_column(String(12), primary_key=True)
    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    label: Mapped[str] = mapped_column(String(LONGEST_LABEL))
    kana: Mapped[str] = mapped_column(String(LONGEST_KANA))
    """How the label is read, in hiragana."""
    short_label: Mapped[str] = mapped_column(String(LONGEST_SHORT), default="")
    """Of industries alone."""
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class VocabularyRevision(Base):
    """The one row that counts changes, so that a process sees for little whether the labels it
    holds are still good."""

    __tablename__ = "vocabulary_revision"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(Integer)
