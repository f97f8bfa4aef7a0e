"""What one does to a listing on its way to the public and back."""

from enum import StrEnum


class Act(StrEnum):
    """Codes are stored in the history of listings: add some, never rename one."""

    SAVE = "save"
    SUBMIT = "submit"
    TAKE_BACK = "take_back"
    RETURN = "return"
    PUBLISH = "publish"
    SCHEDULE = "schedule"
    DROP_CHANGE = "drop_change"
    WITHDRAW = "withdraw"
    RESTORE = "restore"
    ARCHIVE = "archive"
    UNARCHIVE = "unarchive"
    SET_END = "set_end"
    UNPUBLISH = "unpublish"
    CONFIRM = "confirm"
    UNDO = "undo"

    @property
    def label(self) -> str:
        """What it is called on buttons."""
        return _LABELS[self]

    @property
    def done(self) -> str:
        """What the history says once it was done."""
        return _DONE[self]


_LABELS = {
    Act.SAVE: "下書きを保存する",
    Act.SUBMIT: "確認を依頼する",
    Act.TAKE_BACK: "下書きに戻す",
    Act.RETURN: "差し戻す",
    Act.PUBLISH: "公開する",
    Act.SCHEDULE: "公開を予約する",
    Act.DROP_CHANGE: "変更をやめる",
    Act.WITHDRAW: "掲載を終える",
    Act.RESTORE: "もう一度公開する",
    Act.ARCHIVE: "保管する",
    Act.UNARCHIVE: "保管から戻す",
    Act.SET_END: "掲載を終える日時を決める",
    Act.UNPUBLISH: "公開を取り消す",
    Act.CONFIRM: "内容を確認した（変更なし）",
    Act.UNDO: "操作を取り消す",
}
_DONE = {
    Act.SAVE: "下書きを保存しました",
    Act.SUBMIT: "確認を依頼しました",
    Act.TAKE_BACK: "下書きに戻しました",
    Act.RETURN: "差し戻しました",
    Act.PUBLISH: "公開しました",
    Act.SCHEDULE: "公開を予約しました",
    Act.DROP_CHANGE: "変更をやめました",
    Act.WITHDRAW: "掲載を終えました",
    Act.RESTORE: "もう一度公開しました",
    Act.ARCHIVE: "保管しました",
    Act.UNARCHIVE: "保管から戻しました",
    Act.SET_END: "掲載を終える日時を変えました",
    Act.UNPUBLISH: "公開を取り消しました",
    Act.CONFIRM: "内容を確認しました（変更なし）",
    Act.UNDO: "操作を取り消しました",
}
