"""Every page answers, for whom it is meant."""

import pytest

from tenant_apps.members.enums import Role
from tests.builders.members import client_of, make_member

PAGES = [
    "/members/",
    "/members/?q=zzz",
    "/members/me/edit/",
    "/members/me/postings/",
    "/members/me/postings/add/",
    "/members/me/postings/add/?q=oak",
    "/members/me/postings/add/?school_name=Oak",
]
DESK = [
    "/manage/",
    "/manage/members/",
    "/manage/members/invite/",
    "/manage/branding/",
    "/manage/branding/preview.css?colour=fff",
]


@pytest.mark.parametrize("path", PAGES + DESK)
def test_pages(alder, path):
    member = make_member(alder, role=Role.OWNER, school="Oak Primary")
    response = client_of(member, alder).get(path)
    assert response.status_code == 200, response.content[:3000]
