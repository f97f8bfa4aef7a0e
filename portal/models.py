"""All tables in one import, for whoever needs the whole schema."""

from portal.accounts import models as accounts
from portal.accounts import sign_in_models
from portal.agencies import models as agencies
from portal.alerts import favorite_models as favorite_alert_models
from portal.alerts import models as alert_models
from portal.audit import models as audit_models
from portal.change_log import IndexChange
from portal.db import Base
from portal.favorites import models as favorite_models
from portal.jobs import models as job_models
from portal.labels import models as label_models
from portal.listings import (
    attachment_models,
    facet_models,
    models,
    relation_models,
    schedule_models,
)
from portal.mail import models as mail_models
from portal.messages import models as message_models
from portal.notices import models as notice_models
from portal.pageviews import models as pageview_models
from portal.pageviews import popularity_models
from portal.proposals import models as proposal_models
from portal.publishing import act_models, autosave_models
from portal.reports import models as report_models
from portal.search import models as search_models

metadata = Base.metadata

__all__ = [
    "IndexChange",
    "act_models",
    "accounts",
    "agencies",
    "alert_models",
    "attachment_models",
    "audit_models",
    "autosave_models",
    "facet_models",
    "favorite_alert_models",
    "favorite_models",
    "relation_models",
    "job_models",
    "label_models",
    "mail_models",
    "message_models",
    "metadata",
    "models",
    "notice_models",
    "pageview_models",
    "popularity_models",
    "proposal_models",
    "report_models",
    "schedule_models",
    "search_models",
    "sign_in_models",
]
