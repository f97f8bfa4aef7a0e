"""What a page view is, and what is left out, in the sentences that the portal tells everybody.

They stand here once: a page shows them, and the yearly report carries them, so that a number never
goes out with another meaning than the public one.
"""

from portal.pageviews.agents import BOT_LIST
from portal.pageviews.kinds import ViewClass

COUNTED = (
    "ページビュー（閲覧）は、だれでも見られるこのサイトのページを人が開き、"
    "サーバーがそのページを返した回数です。"
    "トップページ、検索結果、支援情報、実施機関、案内など、公開しているすべてのページで数えます。",
    "同じ方が続けて開いたときも、開くたびに1件と数えます。何人が見たかは分かりません。",
    "日、月、年度は日本時間で区切ります。年度は4月1日から翌年3月31日までです。",
    "支援情報の閲覧は、そのとき表示していた内容の種類、目的、業種、地域で集計します。"
    "目的、業種、地域が2つ以上ある支援では、それぞれに1件と数えます。"
    "このため、目的別、業種別、地域別の件数を足したものは、全体の件数と同じになりません。",
)
"""What one page view is."""

LEFT_OUT = {
    ViewClass.BOT: (
        "検索エンジンの巡回など、人の操作によらないアクセスです。"
        "ブラウザーの種類として名乗る文字を、公開されている自動アクセスの一覧と、"
        f"このサイトがそれに加えた一覧（{BOT_LIST}）に照らして見分けます。"
        "ふつうのブラウザーと同じ名を名乗る自動アクセスは、見分けられません。"
    ),
    ViewClass.STAFF: (
        "実施機関や県の職員がログインしている間の閲覧です。会員の閲覧は、除かずに数えます。"
    ),
    ViewClass.PREFETCH: (
        "開かれるかもしれないページを、ブラウザーが前もって読み込んだものです。"
        "そのページがあとで開かれても、読み込んだものが表示されるだけで、"
        "数えられないことがあります。"
    ),
    ViewClass.MONITOR: "サイトが動いているかを、自動で定期的に確かめるアクセスです。",
    ViewClass.OTHER: (
        "エラーになったもの、別のページへ案内したもの、掲載を終了した支援やないページを求めたもの、"
        "ページの中身を求めないもの（HEAD）、"
        "画面の一部だけの更新や、プログラムが裏で取りに来たものです。"
    ),
}
"""For each class that is no page view, what is in it."""

NOT_SEEN = (
    "「戻る」を押したときなど、ブラウザーが手元に残していたページを表示したときは、"
    "サーバーに届かないので数えません。",
    "API、新着の配信（Atom）、カレンダー、ダウンロードするファイルは、"
    "ページではないので数えません。",
    "「申込ページ」「電話・メール」「公式ページ」のクリックは、ページビューとは別に数えます。"
    "JavaScriptが動くブラウザーで押されたものだけが数えられます。",
)
"""What is counted elsewhere or cannot be counted."""

KEPT = (
    "数えるために、IPアドレス、会員の番号、クッキーを残すことはありません。"
    "職員としてログインしているかどうかは、その場で見るだけです。",
    "数えるもとになる記録（日時、ページ、パソコンやスマートフォンの別、検索のことばと条件、"
    "どの検索から開かれたか、ブラウザーの種類として名乗る文字）は、数え直せるように26か月残します。"
    "そのあとは、日ごとの件数だけが残ります。",
    "検索のことばと条件は、日ごとの回数とともに残します。"
    "職員の画面や報告に出すのは、3日以上にわたり5回以上検索されたものだけです。",
)
"""What is kept of a view, and for how long."""

DEFINITIONS = (
    *COUNTED,
    *(f"除いたもの「{kind.label}」：{sentence}" for kind, sentence in LEFT_OUT.items()),
    *NOT_SEEN,
    *KEPT,
)
"""All of it, one paragraph each, as a report carries it."""
