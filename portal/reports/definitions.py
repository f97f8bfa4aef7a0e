"""What a report says of how it was counted: sentences that hold for every year, and such of one."""

from portal.formats import grouped

_COUNTING = (
    "1回の閲覧は、公開しているページが、人に1回表示されたことです。同じ人が開き直せば、もう1回と数えます。",
    "検索エンジンなどの自動巡回、ログイン中の職員、ブラウザーの先読み、稼働監視は、閲覧に入れず、別に数えます。"
    "表示されなかったもの（ないページ、掲載を終えた支援情報、移動の案内）と、画面の一部の更新も同じです。",
    "自動巡回かどうかは、公開されている一覧（crawler-user-agents）とこのサイトの一覧で、ブラウザーの名乗りから決めます。",
    "だれが見たかは記録していません（IPアドレスも会員の番号も）。人数ではなく回数です。",
    "年度は4月1日0時から3月31日24時まで、日と時刻は日本のものです。",
    "目的別・業種別・地域別は、開いたときの支援情報に付いていたもの1つごとに1回と数えるため、合計は全体の数より多くなることがあります。",
    "検索のことばは、3日以上の日に、あわせて5回以上検索されたものだけを載せます。",
)
_OF_REPORTS = (
    "月別の合計も、支援情報別と支援情報以外のページの合計も、このサイトで数えた全体の数と同じです。",
    "1閲覧あたりの額は、事業費を閲覧数で割り、小数第2位を四捨五入したものです。増減率も同じです。",
    "内容を変えた支援情報は、公開中の内容を新しい内容に変えたものの数です。",
    "お気に入りは会員のものだけです。会員でない人のお気に入りはその人の端末にだけあり、数えられません。",
)
DEFINITIONS = (*_COUNTING, *_OF_REPORTS)
"""What a page view is and what is left out; and how what else is told was made."""

_TAKEN_OVER_WHOLE = (
    "{label}の閲覧数は、前のサイトが公表した1年分の数です。月別や支援情報別の内訳は分かりません。"
)
_TAKEN_OVER_PART = (
    "{label}の閲覧数のうち{views}件は、前のサイトが数えた月の分です。"
    "支援情報別などの内訳には入っていません。"
)
TITLES_TAKEN_OVER = (
    "支援情報の名前は、前のサイトが閲覧の多いものとして公表したもので、順位と回数は分かりません。"
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
