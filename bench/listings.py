"""Made-up listings, block by block: the same seed and block always give the same ones.

They imitate the samples of the portal: their sentences, recombined after Zipf's law; the lengths of
titles, summaries and bodies; kinds, purposes and industries with their shares ("all" is the
commonest industry). Places and numbers in a sentence are exchanged for others, and names nobody
knows are mixed in, so that there are rare words, more of them the larger a corpus is. Regions,
periods, amounts and some hundred agencies follow what a full portal would have rather than the
samples, which are mostly the prefecture's own.

Not imitated: sense from one sentence to the next, so words that belong together occur together less
often than in real text; the rare words of real prose other than names; long bodies.
"""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from random import Random
from typing import TypeVar

from bench.coined import draw_name, zipf_index
from bench.material import DAY, REGION_PACK, SAMPLE_MARK, Material, load_material
from portal.agencies.models import Agency, Level
from portal.clock import JAPAN
from portal.config import CHECKOUT
from portal.listings.content import ListingContent
from portal.listings.models import DateState
from portal.listings.regions import NATION, PREFECTURE

BLOCK_SIZE = 1000
AGENCY_COUNT = 100

Drawn = TypeVar("Drawn")

_DIGITS = re.compile(r"\d+")
_NAME_FRAMES = (
    "{0}株式会社と{1}工房の連携を想定した見本です。",
    "「{0}」ブランドの商品を扱う{place}の事業者も利用できます。",
    "相談は{0}サービスの窓口でも受け付けます。",
    "{place}の{0}商店街では令和{year}年度に{count}件の利用がありました。",
    "{0}方式の設備と{1}型の機器を対象にします。",
    "展示会「{0}フェア」への出展料は{count}万円まで対象です。",
    "会場は{place}の{0}プラザ{count}号室です。",
    "{0}システムの導入にも使えます。",
)
# So many sentences are about equally common, as no sentence is in half of all listings.
_COMMON_SENTENCES = 40

_NAMES_PER_LISTING = (0, 1, 1, 2, 2, 3)
# Of a hundred listings.
_DATE_STATES = {
    DateState.WINDOW: 55,
    DateState.ALWAYS: 20,
    DateState.UNKNOWN: 12,
    DateState.BUDGET: 8,
    DateState.SOON: 5,
}
_OLD_YEARS = (2022, 2023)
_AMOUNTS_YEN = (100_000, 200_000, 500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000, 50_000_000)


@dataclass(frozen=True, slots=True)
class MadeUpListing:
    """A published listing; ``number`` counts from 1 and becomes its public id."""

    number: int
    agency_code: str
    content: ListingContent
    published_at: datetime


@cache
def made_up_agencies() -> tuple[Agency, ...]:
    """The agencies of the region pack, and made-up ones to fill up; not in any session."""
    path = CHECKOUT / "portal" / "region_packs" / REGION_PACK / "agencies.csv"
    with path.open(encoding="utf-8", newline="") as file:
        agencies = [
            Agency(
                code=row["code"], name=row["name"], level=row["level"], region_code=row["region"]
            )
            for row in csv.DictReader(file)
        ]
    random = Random("agencies")
    for number in range(len(agencies), AGENCY_COUNT):
        name = f"{draw_name(random)}産業支援協会{number}{SAMPLE_MARK}"
        level = Level.ORGANIZATION
        agencies.append(
            Agency(code=f"sample-{number}", name=name, level=level, region_code=PREFECTURE)
        )
    return tuple(agencies)


def make_block(seed: int, block: int) -> list[MadeUpListing]:
    """The listings of a block, numbered on from the blocks before it."""
    random = Random(f"{seed}/{block}")
    writer = _Writer(random, load_material())
    first = block * BLOCK_SIZE + 1
    return [writer.listing(number) for number in range(first, first + BLOCK_SIZE)]


class _Writer:
    def __init__(self, random: Random, material: Material) -> None:
        self._random = random
        self._material = material
        tree = material.vocabulary.tree
        self._municipalities = tuple(tree.municipalities)
        self._areas = tuple(tree.areas)
        self._places = tuple(place.name for place in tree.municipalities.values())
        self._place = re.compile("|".join(sorted(self._places, key=len, reverse=True)))

    def listing(self, number: int) -> MadeUpListing:
        random, material = self._random, self._material
        agency = made_up_agencies()[zipf_index(random, AGENCY_COUNT)]
        days_ago = random.randrange(0, 1000)
        regions, exceptions = self._regions()
        state = random.choices(tuple(_DATE_STATES), tuple(_DATE_STATES.values()))[0]
        window = self._window() if state is DateState.WINDOW else None
        content = ListingContent(
            title=self._title(),
            summary=self._text(random.choice(material.summary_lengths)),
            body=self._body(random.choice(material.body_lengths)),
            kind=random.choice(material.kinds),
            level=agency.level,
            industries=random.choice(material.industries),
            purposes=random.choice(material.purposes),
            regions=regions,
            region_exceptions=exceptions,
            keywords=self._keywords(),
            department=self._maybe(0.85, material.departments),
            eligibility=self._maybe(0.6, material.eligibilities),
            rate=self._maybe(0.3, material.rates),
            how_to_apply=self._maybe(0.4, material.applications),
            documents=tuple(random.sample(material.documents, random.randrange(4))),
            amount_max_yen=random.choice(_AMOUNTS_YEN) if random.random() < 0.45 else None,
            date_state=state,
            opens_on=window[0] if window else None,
            closes_on=window[1] if window else None,
            date_note=self._maybe(0.2, material.date_notes),
            fiscal_years=_OLD_YEARS if state is DateState.UNKNOWN else (),
        )
        published_on = DAY - timedelta(days=days_ago)
        published_at = datetime.combine(published_on, time(random.randrange(8, 18)), JAPAN)
        return MadeUpListing(number, agency.code, content, published_at)

    def _title(self) -> str:
        random, material = self._random, self._material
        lead = self._one_of(
            (0.35, lambda: random.choice(self._places)),
            (0.15, lambda: draw_name(random)),
            (0.1, lambda: f"令和{random.randrange(2, 9)}年度"),
            (0.4, lambda: ""),
        )
        head, tail = self._zipf(material.title_heads), self._zipf(material.title_tails)
        return f"{lead}{head}{tail}{SAMPLE_MARK}"

    def _text(self, length: int) -> str:
        """Sentences up to about ``length`` characters, at least one."""
        text = self._sentence()
        while len(text) < length - 15:
            text += self._sentence()
        return text

    def _body(self, length: int) -> str:
        names = [self._name_sentence() for _ in range(self._random.choice(_NAMES_PER_LISTING))]
        return self._text(length - sum(map(len, names))) + "".join(names)

    def _sentence(self) -> str:
        """One of the samples', about another place and with other numbers."""
        sentences = self._material.sentences
        sentence = sentences[zipf_index(self._random, len(sentences), offset=_COMMON_SENTENCES)]
        sentence = self._place.sub(lambda _: self._random.choice(self._places), sentence)
        return _DIGITS.sub(lambda found: self._number(len(found.group())), sentence)

    def _name_sentence(self) -> str:
        random = self._random
        return random.choice(_NAME_FRAMES).format(
            *(draw_name(random), draw_name(random)),
            place=random.choice(self._places),
            year=random.randrange(2, 9),
            count=random.randrange(1, 400),
        )

    def _number(self, digits: int) -> str:
        return str(self._random.randrange(10 ** (digits - 1), 10**digits))

    def _keywords(self) -> tuple[str, ...]:
        random = self._random
        words = [self._zipf(self._material.keywords) for _ in range(random.randrange(4, 8))]
        if random.random() < 0.3:
            words.append(draw_name(random))
        return tuple(dict.fromkeys(words))

    def _regions(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        random = self._random
        exceptions: tuple[str, ...] = ()
        regions = self._one_of(
            (
                0.4,
                lambda: tuple(random.sample(self._municipalities, random.choice((1, 1, 1, 2, 3)))),
            ),
            (0.12, lambda: (random.choice(self._areas),)),
            (0.42, lambda: (PREFECTURE,)),
            (0.06, lambda: (NATION,)),
        )
        if regions == (PREFECTURE,) and random.random() < 0.05:
            exceptions = (random.choice(self._municipalities),)
        return regions, exceptions

    def _window(self) -> tuple[date, date]:
        opens_on = DAY + timedelta(days=self._random.randrange(-400, 120))
        return opens_on, opens_on + timedelta(days=self._random.randrange(14, 300))

    def _maybe(self, share: float, pool: tuple[str, ...]) -> str | None:
        return self._zipf(pool) if self._random.random() < share else None

    def _zipf(self, pool: tuple[str, ...]) -> str:
        return pool[zipf_index(self._random, len(pool))]

    def _one_of(self, *choices: tuple[float, Callable[[], Drawn]]) -> Drawn:
        weights = [weight for weight, _ in choices]
        return self._random.choices([make for _, make in choices], weights)[0]()
