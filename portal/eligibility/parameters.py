"""The answers as parameters of an address, which is the only place that ever holds them.

``purpose``, ``place`` and ``industry`` are codes of the search; ``place`` is one municipality, or
``outside``. ``years``, ``employees``, ``capital`` and ``by`` are ranges (``bands``), ``form`` and
``trade`` codes of ``size_law``. Any of them may be ``unsure``: asked, and passed over.
``show=result`` wants the result whatever is still open, ``show=all`` with its long lists whole,
``ask=<parameter>`` one question again. ``listing`` is the id of the one listing that is wanted.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from portal.eligibility.answers import OUTSIDE, Answers, Field
from portal.eligibility.bands import CAPITAL, EMPLOYEES, NEEDS, YEARS
from portal.eligibility.size_law import TRADES
from portal.listings.business import Form, Trade
from portal.listings.models import listing_id_of
from portal.listings.vocabulary import Vocabulary

UNSURE = "unsure"
ASK = "ask"
SHOW = "show"
SHOW_RESULT = "result"
SHOW_ALL = "all"
LISTING = "listing"

DROPPED = "読めない答えがあったため、その質問は答えなかったものとしました。"
GONE = "この支援は受付が終わったか掲載されていないため、すべての支援を調べます。"
REPEATED = "同じ質問に2つ以上の答えがあったため、はじめのものを使いました。"

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address says, as far as it can be used."""

    answers: Answers
    pairs: tuple[Pair, ...]
    """What goes along from page to page: the listing that is wanted, then the usable answers as
    they were given, in that order."""
    ask: Field | None
    """The question that is wanted again."""
    wants_result: bool
    wants_all: bool
    """Whether long lists are to be shown whole."""
    listing: str | None
    """The id of the one listing that is wanted; there may be no such listing."""
    notices: tuple[str, ...]
    """In Japanese, of what could not be used. Repeats nothing of it."""

    @property
    def passed_over(self) -> frozenset[Field]:
        """The questions that were asked and could not be answered."""
        return frozenset(Field(name) for name, value in self.pairs if value == UNSURE)

    @property
    def answered(self) -> tuple[Pair, ...]:
        """The usable answers alone."""
        return tuple(pair for pair in self.pairs if pair[0] != LISTING)

    def about_all(self, notice: str | None = None) -> "Asked":
        """The same answers about every listing.

        :param notice: what is to be said of that.
        """
        notices = (*self.notices, notice) if notice else self.notices
        return replace(self, pairs=self.answered, listing=None, notices=notices)

    def pairs_without(self, field: Field) -> tuple[Pair, ...]:
        """The address without the answer to a question."""
        return tuple(pair for pair in self.pairs if pair[0] != field)


def codes_of(field: Field, vocabulary: Vocabulary, industry: str | None) -> Collection[str]:
    """The answers there are to a question, in the order they are shown.

    :param industry: what was answered to that; some questions follow from it.
    """
    choices: Mapping[Field, Iterable[str]] = {
        Field.PURPOSE: vocabulary.purposes,
        Field.PLACE: [*vocabulary.tree.municipalities, OUTSIDE],
        Field.INDUSTRY: vocabulary.industries,
        Field.YEARS: YEARS,
        Field.FORM: [form.value for form in Form],
        Field.EMPLOYEES: EMPLOYEES,
        Field.CAPITAL: CAPITAL,
        Field.TRADE: [trade.value for trade in TRADES[industry]] if industry else (),
        Field.BY: NEEDS,
    }
    return tuple(choices[field])


def parse(args: MultiDict[str, str], vocabulary: Vocabulary) -> Asked:
    """Read an address. Never fails: what cannot be used is left out, and said to be."""
    notices: dict[str, None] = {}
    given: dict[Field, str] = {}
    industry = args.get(Field.INDUSTRY)
    industry = industry if industry in vocabulary.industries else None
    for name in args:
        if name not in set(Field):
            continue
        field, values = Field(name), dict.fromkeys(args.getlist(name))
        if len(values) > 1:
            notices[REPEATED] = None
        value = next(iter(values))
        if value == UNSURE or value in codes_of(field, vocabulary, industry):
            given[field] = value
        elif not (field is Field.TRADE and value in set(Trade)):
            # A trade of another industry is left from before that answer was changed.
            notices[DROPPED] = None
    ask = args.get(ASK)
    wanted = args.get(LISTING, "")
    listing = wanted if listing_id_of(wanted) is not None else None
    answered = tuple((field.value, value) for field, value in given.items())
    return Asked(
        answers=_answers(given),
        pairs=((LISTING, listing), *answered) if listing else answered,
        ask=Field(ask) if ask in set(Field) else None,
        wants_result=args.get(SHOW) in (SHOW_RESULT, SHOW_ALL),
        wants_all=args.get(SHOW) == SHOW_ALL,
        listing=listing,
        notices=tuple(notices),
    )


def _answers(given: Mapping[Field, str]) -> Answers:
    known = {field: value for field, value in given.items() if value != UNSURE}
    form, trade = known.get(Field.FORM), known.get(Field.TRADE)
    return Answers(
        purpose=known.get(Field.PURPOSE),
        place=known.get(Field.PLACE),
        industry=known.get(Field.INDUSTRY),
        years=YEARS.get(known.get(Field.YEARS, "")),
        form=Form(form) if form else None,
        employees=EMPLOYEES.get(known.get(Field.EMPLOYEES, "")),
        capital=CAPITAL.get(known.get(Field.CAPITAL, "")),
        trade=Trade(trade) if trade else None,
        by=NEEDS.get(known.get(Field.BY, "")),
    )
