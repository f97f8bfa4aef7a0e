"""The municipalities of Aomori by area: facts, written down apart from the portal's own table."""

AREAS = {
    "tosei": ("02201", "02301", "02303", "02304", "02307"),
    "chunan": ("02202", "02204", "02210", "02343", "02361", "02362", "02367"),
    "sanpachi": ("02203", "02441", "02442", "02443", "02445", "02446", "02450"),
    "seihoku": ("02205", "02209", "02321", "02323", "02381", "02384", "02387"),
    "kamikita": (
        *("02206", "02207", "02401", "02402", "02405"),
        *("02406", "02408", "02411", "02412"),
    ),
    "shimokita": ("02208", "02423", "02424", "02425", "02426"),
}
MUNICIPALITIES = frozenset(code for codes in AREAS.values() for code in codes)
"""40, by their codes of five digits."""
WIDE = ("pref", "nation")


def covered(regions: tuple[str, ...], exceptions: tuple[str, ...]) -> frozenset[str]:
    """The municipalities where something can be used."""
    return MUNICIPALITIES.intersection(_members(regions)) - set(_members(exceptions))


def _members(regions: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    for region in regions:
        found += MUNICIPALITIES if region in WIDE else AREAS.get(region, (region,))
    return found


def is_usable(wanted: str, regions: tuple[str, ...], exceptions: tuple[str, ...]) -> bool:
    """Whether a search for a place finds what can be used in some regions, less exceptions."""
    where = covered(regions, exceptions)
    if wanted == "pref":
        return where == MUNICIPALITIES
    return bool(where.intersection(AREAS.get(wanted, (wanted,))))


def is_local(wanted: str, regions: tuple[str, ...], exceptions: tuple[str, ...]) -> bool:
    """Whether it was made for that place, and not for a wider one."""
    own = tuple(region for region in regions if region != "nation")
    if wanted != "pref":
        inside = (wanted, *AREAS.get(wanted, ()))
        own = tuple(region for region in own if region in inside)
    return is_usable(wanted, own, exceptions)
