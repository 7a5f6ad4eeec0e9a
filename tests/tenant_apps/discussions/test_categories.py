"""Categories: address, template, place, and whether one may ask there without a name."""

import pytest

from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.models import Category
from tenant_apps.discussions.services import CategoryFacts, DiscussionError
from tenants.context import in_network
from tenants.models import Network
from tests.builders.members import client_of, make_member
from tests.builders.pages import text_of


def test_a_category_gets_an_address_from_its_name(in_alder: Network, helen) -> None:
    made = services.save_category(name="School meals & milk", by=helen)
    again = services.save_category(name="School meals: milk", by=helen)
    old = Category(name="ICT")

    assert (made.slug, again.slug, old.mail_name) == ("school-meals-milk", "", "ict")
    renamed = services.save_category(name="Milk", category=made, by=helen)
    assert renamed.slug == "school-meals-milk"


@pytest.mark.parametrize("slug", ["Two words", "naïve", "a@b", "energy"])
def test_an_address_is_letters_digits_and_hyphens_and_only_its_own(in_alder: Network, helen, slug) -> None:
    catering = Category.objects.get(name="Catering")

    with pytest.raises(DiscussionError, match="address"):
        services.save_category(name="Catering", category=catering, facts=CategoryFacts(slug=slug), by=helen)


def test_a_category_takes_its_place(in_alder: Network, helen) -> None:
    network = Category.objects.get(name="Network")

    services.save_category(name="Network", category=network, facts=CategoryFacts(position=0), by=helen)

    selectors.forget_categories()
    assert [each.name for each in selectors.categories()][:3] == ["Network", "Buildings", "Catering"]


def test_the_page_sets_everything_and_the_form_starts_with_the_template(alder: Network, helen) -> None:
    desk, member = client_of(helen, alder), client_of(make_member(alder, name="Priya Raman"), alder)
    with in_network(alder):
        catering, energy = (Category.objects.get(name=name) for name in ("Catering", "Energy"))
    form = {"name": "Catering", "slug": "meals", "position": "1", "template": "Pupils:\nMeals a day:"}

    assert desk.post(f"/manage/categories/{catering.id}/", form).status_code == 302
    with in_network(alder):
        selectors.forget_categories()

    assert "meals@alder.localhost" in text_of(member.get("/discussions/?category=Catering"))
    assert "meals@alder.localhost" in text_of(member.get("/discussions/new/"))
    linked = member.get("/discussions/new/?category=meals").content.decode()
    assert "Meals a day:" in linked
    assert f'value="{catering.id}" selected' in linked
    written = {"use": "template", "title": "So far", "body": "What I wrote", "category": str(catering.id)}
    used = member.post("/discussions/new/", written)
    assert used.status_code == 200
    assert all(each in used.content.decode() for each in ("So far", "What I wrote", "Meals a day:"))
    assert (
        "Meals a day:" not in member.post("/discussions/new/", {**written, "category": str(energy.id)}).content.decode()
    )


def test_a_wrong_address_is_said_at_its_field(alder: Network, helen) -> None:
    with in_network(alder):
        catering = Category.objects.get(name="Catering")
    form = {"name": "Catering", "slug": "energy", "position": "2", "template": ""}

    answer = client_of(helen, alder).post(f"/manage/categories/{catering.id}/", form)

    assert answer.status_code == 422
    assert "Another category has this address already." in text_of(answer)
    assert list(answer.context["form"].errors) == ["slug"]
