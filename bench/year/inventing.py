"""Listings and searches as a story needs them: of all states, places and subjects, made up."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from bench.year.places import AREAS
from bench.year.plain import Place, Said, Wanted

WORDS = ("qx71", "vb29", "hn53", "wd86", "jt48", "mz15", "fp37", "ks64", "gy92", "lr08", "cu56")
"""No two have anything in common, so that none is taken for another; the last four are never
searched for beside synonyms of them."""
SAME = (("qx71", "zo34"), ("hn53", "ea67"))
"""Pairs that come to mean the same during the year; the second of each begins as a stranger."""
PLACES = (
    *(Place("aomori-pref", "prefecture"), Place("kuni", "national")),
    *(Place("m02201", "municipality"), Place("m02202", "municipality")),
    *(Place("m02203", "municipality"), Place("aomori-cci", "organization")),
)
FREQUENCIES = ("at_once", "daily", "weekly")
_INDUSTRIES = ("A", "D", "E", "I", "M")
_PURPOSES = ("startup", "sales", "equipment", "dx")
_KINDS = ("subsidy", "subsidy", "loan", "expert", "seminar")
_STATES = ("window",) * 6 + ("budget", "soon", "unknown", "always")
_STATUSES = ("open", "closing", "upcoming", "always", "unknown")
_MUNICIPALITIES = ("02201", "02202", "02203", "02443", "02412")
_AMOUNTS = (None, 100_000, 500_000, 2_000_000, 10_000_000)
_RATES = (None, "1/2以内", "2/3以内", "10/10")
_TELS = (None, "017-000-0001", "017-000-0002", "0172-00-0003")
_SPACED = ("青森県の中小企業", " 青森県の 中小企業\n", "青森県の\u3000中小企業")
_DOCUMENTS = ("申請書", "見積書", "事業計画書")


def said(random: Random, number: int, today: date) -> Said:
    """What a new listing says."""
    invented = Said(
        title=f"見本の支援{number:04}号",
        kind=random.choice(_KINDS),
        words=tuple(random.sample([*WORDS, *(stranger for _, stranger in SAME)], 4)),
        industries=random.choice([("*",), ("*",), *((code,) for code in _INDUSTRIES)]),
        purposes=tuple(random.sample(_PURPOSES, 2)),
        amount_max_yen=random.choice(_AMOUNTS),
        rate=random.choice(_RATES),
        tel=random.choice(_TELS),
        eligibility="青森県の 中小企業",
        documents=tuple(random.sample(_DOCUMENTS, 2)),
        **_where(random),
        date_state="always",
    )
    return replace(invented, **_when(random, today))


def _where(random: Random) -> dict[str, Any]:
    area = random.choice(list(AREAS))
    town = random.choice(_MUNICIPALITIES)
    regions = random.choice([("pref",), ("pref",), ("nation",), (area,), (town,), (area, town)])
    has_exceptions = regions[0] in ("pref", "nation", area) and random.random() < 0.2
    inside = AREAS[area] if regions[0] == area else _MUNICIPALITIES
    return {"regions": regions, "exceptions": (inside[0],) if has_exceptions else ()}


def _when(random: Random, today: date) -> dict[str, Any]:
    """Dates of any state, most of them ahead."""
    state = random.choice(_STATES)
    found: dict[str, Any] = {"date_state": state, "opens_on": None, "closes_on": None}
    found |= {"rounds": (), "event_days": ()}
    if state != "window":
        if random.random() < 0.3:
            held_on = today + timedelta(days=random.randint(1, 60))
            found["event_days"] = (held_on, held_on + timedelta(days=7))
        return found
    opens_on = today + timedelta(days=random.randint(-30, 40))
    closes_on = opens_on + timedelta(days=random.randint(5, 90))
    found["opens_on"] = random.choice([opens_on, opens_on, None])
    found["closes_on"] = random.choice([closes_on, closes_on, closes_on, None])
    if found["opens_on"] is found["closes_on"] is None:
        found["closes_on"] = closes_on
    if random.random() < 0.25 and found["closes_on"]:
        again = closes_on + timedelta(days=random.randint(1, 30))
        found["rounds"] = ((again, again + timedelta(days=random.randint(10, 40))),)
    return found


def edited(random: Random, before: Said, today: date) -> Said:
    """Another wording: of a field that matters, of white space alone, or of one that does not
    matter."""
    match random.randrange(9):
        case 0:
            return replace(before, rate=random.choice(_RATES))
        case 1:
            return replace(before, amount_max_yen=random.choice(_AMOUNTS))
        case 2:
            return replace(before, tel=random.choice(_TELS))
        case 3:
            words = random.sample([*WORDS, *(stranger for _, stranger in SAME)], 4)
            return replace(before, words=tuple(words))
        case 4:
            return replace(before, eligibility=random.choice(_SPACED))
        case 5:
            return replace(before, **_where(random))
        case 6:
            return replace(before, documents=tuple(random.sample(_DOCUMENTS, 2)))
        case _:
            return _moved(random, before, today)


def opened(before: Said) -> Said:
    """The same, which one can apply for at any time."""
    return replace(before, date_state="always", opens_on=None, closes_on=None, rounds=())


def _moved(random: Random, before: Said, today: date) -> Said:
    """The deadline nearer or farther, most often to where mails are due soon."""
    if before.date_state != "window" or before.closes_on is None or before.rounds:
        return replace(before, **_when(random, today))
    closes_on = today + timedelta(days=random.choice([1, 2, 3, 4, 5, 13, 14, 15, 16, 40]))
    opens_on = before.opens_on
    is_backward = opens_on is not None and opens_on > closes_on
    return replace(before, closes_on=closes_on, opens_on=None if is_backward else opens_on)


def wanted(random: Random) -> Wanted:
    """The conditions of a search: broad ones, narrow ones, and those that many have."""
    choices: dict[str, tuple[str, ...]] = {}
    for name, codes in (
        ("industry", _INDUSTRIES),
        ("purpose", _PURPOSES),
        ("kind", tuple(dict.fromkeys(_KINDS))),
        ("level", ("national", "prefecture", "municipality", "organization")),
        ("agency", tuple(place.agency for place in PLACES)),
        ("region", (*_MUNICIPALITIES, *AREAS, "pref")),
        ("status", _STATUSES),
    ):
        if random.random() < 0.1:
            choices[name] = tuple(sorted(random.sample(codes, random.choice([1, 1, 2]))))
    count = random.choice([0, 0, 1, 1, 1, 2])
    words = tuple(sorted(random.sample(WORDS, count)))
    others = [word for word in WORDS[7:] if word not in words]
    return Wanted(
        words=words,
        without=(random.choice(others),) if words and random.random() < 0.3 else (),
        choices=choices,
        amount_min=random.choice([None] * 5 + [500_000]),
        local_only="region" in choices and random.random() < 0.25,
    )
