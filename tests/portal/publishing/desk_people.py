"""Those who write and publish, as rows."""

from sqlalchemy.orm import Session

from portal.accounts.models import User
from portal.accounts.permissions import AGENCY_ROLES, Role
from portal.agencies.models import Agency
from tests.conftest import NOW


def make_person(session: Session, role: Role, agency: Agency) -> User:
    """Somebody of a role; where the role asks for one, of an agency. Nobody signs in as them."""
    address = f"{role.value}-{agency.code}@{session.query(User).count()}.example.jp"
    person = User(
        email=address,
        email_folded=address,
        name=f"{role.label} {agency.name}",
        role=role,
        agency=agency if role in AGENCY_ROLES else None,
        password_hash="$argon2id$none",
        password_changed_at=NOW,
        created_at=NOW,
    )
    session.add(person)
    session.flush()
    return person
