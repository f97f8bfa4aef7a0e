"""What a report says of how it was counted: sentences that hold for every year, and such of one."""

from portal.formats import grouped
from portal.pageviews import definitions

_OF_REPORTS = (
    "月別の合計も、支援情報別と支援情報以外のページの合計も、このサイトで数えた全体の数と同じです。",
    "1閲覧あたりの額は、事業費を閲覧数で割り、小数第2位を四捨五入したものです。増減率も同じです。",
    "内容を変えた支援情報は、公開中の内容を新しい内容に変えたものの数です。",
    "お気に入りは会員のものだけです。会員でない人のお気に入りはその人の端末にだけあり、数えられません。",
)
DEFINITIONS = (*definitions.DEFINITIONS, *_OF_REPORTS)
"""What a page view is and what is left out; and how what else is told was made."""

_TAKEN_OVER_WHOLE = (
    "{label}の閲覧数は、前のサイトが公表した1年分の数です。月別や支援情報別の内訳は分かりません。"
)
_TAKEN_OVER_PART = (
    "{label}の閲覧数のうち{views}件は、前のサイトが数えた月の分です。"
    "支援情報別などの内訳には入っていません。"
)
OTHERS_COUNTING = "前のサイトの数え方は分かりません。下の数え方は、このサイトのものです。"
TITLES_TAKEN_OVER = (
    "支援情報の名前は、前のサイトが閲覧の多いものとして公表したもので、公表された順に並べています。"
    "回数は分かりません。"
)
_GOES_ON = "{label}は途中です。前年度の数は1年分です。"
_UNKNOWN_MONTHS = "{label}の一部の月は、このサイトで集計を始める前のため分かりません。"
_UNKNOWN = "{label}の閲覧数は分かりません。"


def taken_over(label: str, views: int, *, is_whole: bool) -> str:
    """That a predecessor counted some or all of a year."""
    wording = _TAKEN_OVER_WHOLE if is_whole else _TAKEN_OVER_PART
    return wording.format(label=label, views=grouped(views))


def goes_on(label: str) -> str:
    """That a year is not over."""
    return _GOES_ON.format(label=label)


def unknown_months(label: str) -> str:
    """That counting began within a year."""
    return _UNKNOWN_MONTHS.format(label=label)


def unknown(label: str) -> str:
    """That nothing is known of a year."""
    return _UNKNOWN.format(label=label)
