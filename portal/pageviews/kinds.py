"""The codes that counting is done in, and what they are called."""

from enum import StrEnum


class PageKind(StrEnum):
    """Which sort of public page was asked for."""

    HOME = "home"
    SEARCH = "search"
    LISTING = "listing"
    LISTING_MORE = "listing_more"
    """What belongs to a listing beside its page: its history, a report of an error in it."""
    AGENCY = "agency"
    RANKING = "ranking"
    CHECK = "check"
    CONSULTATION = "consultation"
    COMPARISON = "comparison"
    FAVORITES = "favorites"
    ALERTS = "alerts"
    ACCOUNT = "account"
    GUIDE = "guide"
    """About, help, terms and such; messages to the portal."""
    UNKNOWN = "unknown"
    """An address that there is not; never a page view."""

    @property
    def label(self) -> str:
        """What reports call it."""
        return _PAGE_LABELS[self]


class ViewClass(StrEnum):
    """What a request for a page was. Page views are the human ones; together they are all requests
    for pages."""

    HUMAN = "human"
    BOT = "bot"
    STAFF = "staff"
    PREFETCH = "prefetch"
    MONITOR = "monitor"
    OTHER = "other"

    @property
    def label(self) -> str:
        """What reports call it."""
        return _CLASS_LABELS[self]


class RequestClass(StrEnum):
    """What is known of a request before anybody looks at its agent."""

    PAGE = "page"
    """A page that was shown; whose agent it is decides between human, bot and monitor."""
    STAFF = "staff"
    PREFETCH = "prefetch"
    OTHER = "other"


class OtherReason(StrEnum):
    """Why a request for a page is no page view, whoever made it."""

    METHOD = "method"
    """HEAD: only the headers were asked for."""
    STATUS = "status"
    """The page was not shown: an error, a redirect, a listing that was withdrawn."""
    UPDATE = "update"
    """A script of ours brought a part of the page up to date."""
    FETCH = "fetch"
    """A script or service worker asked, and not somebody who went to the page."""


class Device(StrEnum):
    """What the agent says it runs on."""

    PHONE = "phone"
    TABLET = "tablet"
    DESKTOP = "desktop"

    @property
    def label(self) -> str:
        """What reports call it."""
        return _DEVICE_LABELS[self]


class ClickKind(StrEnum):
    """What was pressed on the page of a listing."""

    APPLY = "apply"
    CONTACT = "contact"
    """A telephone number or a mail address."""
    SITE = "site"
    """The agency's own page about it."""

    @property
    def label(self) -> str:
        """What reports call it."""
        return _CLICK_LABELS[self]


_PAGE_LABELS = {
    PageKind.HOME: "トップページ",
    PageKind.SEARCH: "検索結果",
    PageKind.LISTING: "支援情報",
    PageKind.LISTING_MORE: "支援情報の変更履歴など",
    PageKind.AGENCY: "実施機関",
    PageKind.RANKING: "アクセス上位",
    PageKind.CHECK: "使える支援のチェック",
    PageKind.CONSULTATION: "相談する窓口をさがす",
    PageKind.COMPARISON: "くらべる",
    PageKind.FAVORITES: "お気に入り・相談シート",
    PageKind.ALERTS: "お知らせメールの申し込み",
    PageKind.ACCOUNT: "ログイン・会員登録",
    PageKind.GUIDE: "案内・お問い合わせ",
    PageKind.UNKNOWN: "ないページ",
}

_CLASS_LABELS = {
    ViewClass.HUMAN: "閲覧",
    ViewClass.BOT: "検索エンジンなどの自動巡回",
    ViewClass.STAFF: "職員（ログイン中）",
    ViewClass.PREFETCH: "先読み",
    ViewClass.MONITOR: "稼働監視",
    ViewClass.OTHER: "その他（表示されなかったもの、画面の一部の更新など）",
}

_DEVICE_LABELS = {
    Device.PHONE: "スマートフォン",
    Device.TABLET: "タブレット",
    Device.DESKTOP: "パソコン",
}

_CLICK_LABELS = {
    ClickKind.APPLY: "申込ページへのクリック",
    ClickKind.CONTACT: "電話・メールのクリック",
    ClickKind.SITE: "公式ページへのクリック",
}
