"""Persons, organizations, and which person belongs to which organization."""

from .values import (
    HISTORY,
    address,
    entries,
    history,
    identifications,
    joined,
    others,
    ways,
)

_COMMON = HISTORY | frozenset(
    "addresses contactMethods identifications defaultAddress defaultEmail "
    "defaultPhone defaultFax defaultUrl defaultIdentification participants status "
    "details".split()
)
_PERSON = _COMMON | frozenset(
    "id title givenName middleName familyName company dateOfBirth personAliases "
    "defaultAlias organizationAssociations defaultOrganization organizations "
    "securityTags container defaultPicture anonymousFlag fullName".split()
)
_ORGANIZATION = _COMMON | frozenset(
    "organizationId organizationType organizationTypes organizationValue "
    "organizationDBAs defaultDBA parentOrganization personAssociations "
    "primaryContact website industry employeeCount".split()
)


def shape_person(record):
    """One row of a person; its company is the default organization."""
    default = _default_association(record) or {}
    yield {
        "person_id": record.get("id"),
        "title": record.get("title"),
        "given_name": record.get("givenName"),
        "middle_name": record.get("middleName"),
        "family_name": record.get("familyName"),
        "full_name": _full_name(record),
        "organization_id": _organization_id(default.get("organization")),
        "company": record.get("company"),
        **ways(record),
        **address(record),
        "date_of_birth": record.get("dateOfBirth"),
        "aliases": joined(
            one.get("aliasValue") for one in entries(record, "personAliases")
        ),
        "identifications": identifications(record),
        "security_tags": "; ".join(record.get("securityTags") or ()) or None,
        "anonymous": record.get("anonymousFlag"),
        "status": record.get("status"),
        "details": record.get("details"),
        **history(record),
        **others(record, _PERSON),
    }


def shape_organization(record):
    """One row of an organization. Its id is not called ``id``."""
    yield {
        "organization_id": record.get("organizationId"),
        "name": record.get("organizationValue"),
        "organization_type": record.get("organizationType"),
        "parent_organization_id": _organization_id(record.get("parentOrganization")),
        **ways(record),
        **address(record),
        "industry": record.get("industry"),
        "employee_count": record.get("employeeCount"),
        "other_names": joined(
            one.get("value") for one in entries(record, "organizationDBAs")
        ),
        "identifications": identifications(record),
        "status": record.get("status"),
        "details": record.get("details"),
        **history(record),
        **others(record, _ORGANIZATION),
    }


def shape_associations(record):
    """A row for each organization of a person; the default one is primary."""
    default = _default_association(record)
    links = entries(record, "organizationAssociations")
    for one in links:
        organization = _organization_id(one.get("organization"))
        if organization is not None:
            yield {
                "association_id": one.get("id"),
                "person_id": record.get("id"),
                "organization_id": organization,
                "is_primary": one is default,
                "role": one.get("personToOrganizationAssociationType"),
                "description": one.get("description"),
                "updated_at": one.get("modified") or record.get("modified"),
            }
    if links:
        return
    for one in entries(record, "organizations"):
        yield {
            "association_id": None,
            "person_id": record.get("id"),
            "organization_id": _organization_id(one),
            "is_primary": False,
            "role": None,
            "description": None,
            "updated_at": record.get("modified"),
        }


def _default_association(record):
    default = record.get("defaultOrganization")
    if default:
        return default
    links = entries(record, "organizationAssociations")
    return next((one for one in links if one.get("defaultOrganization")), None)


def _organization_id(organization):
    return organization.get("organizationId") if organization else None


def _full_name(record):
    """The names in their order; a person without one goes by its company."""
    names = (record.get(name) for name in ("givenName", "middleName", "familyName"))
    text = " ".join(name.strip() for name in names if name and name.strip())
    return text or record.get("company") or None
