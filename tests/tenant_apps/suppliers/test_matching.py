"""What makes two suppliers the same company, and which addresses are a supplier's own."""

import pytest

from tenant_apps.sharing.drafting import supplier_key
from tenant_apps.suppliers.matching import WebsiteError, is_alike, plain_name, tidy_website, website_host


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("", ""),
        ("   ", ""),
        ("greenfield.example", "https://greenfield.example"),
        ("www.Greenfield.Example/", "https://www.greenfield.example"),
        ("http://greenfield.example/schools/?q=1#top", "http://greenfield.example/schools"),
        ("HTTPS://GREENFIELD.EXAMPLE:8443/a", "https://greenfield.example/a"),
        ("https://greenfield.example./", "https://greenfield.example"),
        ("https://greenfield.example/our menus", "https://greenfield.example/our%20menus"),
        ("https://greenfield.example/\"onclick='x'", "https://greenfield.example/%22onclick=%27x%27"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
    ],
)
def test_tidy_website_keeps_scheme_host_and_path(given, kept) -> None:
    assert tidy_website(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        "javascript:alert(1)",
        "javascript://greenfield.example/%0aalert(1)",
        "data:text/html,hello",
        "ftp://greenfield.example",
        "https://",
        "https://greenfield",
        "two words",
        "https://user:secret@greenfield.example",
        "https://green field.example",
        "https://[::1",
        "https://" + "a" * 64 + ".example",
        "<script>",
        "https://" + "long." * 30 + "example",
        "https://greenfield.example/" + "x" * 200,
        "https://www.facebook.com/greenfield",
        "uk.linkedin.com/company/greenfield",
        "sites.google.com/view/greenfield",
    ],
)
def test_tidy_website_refuses_what_is_no_suppliers_own(given) -> None:
    with pytest.raises(WebsiteError):
        tidy_website(given)


@pytest.mark.parametrize(
    "website",
    ["https://www.greenfield.example/schools", "http://greenfield.example", "https://shop.greenfield.example", ""],
)
def test_website_host_is_the_key_under_which_the_collective_gathers(website) -> None:
    assert supplier_key("Greenfield", website) == (website_host(website) or "greenfield")


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Hartwell & Dunne Catering Ltd", "hartwell dunne catering"),
        ("The Print Company (UK) Limited", "print"),
        ("O’Neill’s", "oneills"),
        ("The Company", "the company"),
        ("!!!", ""),
    ],
)
def test_plain_name_leaves_out_what_says_only_that_it_is_a_company(name, plain) -> None:
    assert plain_name(name) == plain


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Hartwell and Dunne Catering", "Hartwell & Dunne Catering Ltd"),
        ("Hartwell & Dunne", "Hartwell & Dunne Catering"),
        ("Hartwell and Dunn", "Hartwell & Dunne Catering"),
        ("Greenfeild Kitchens", "Greenfield Kitchens"),
        ("GREENFIELD KITCHENS", "Greenfield Kitchens UK"),
    ],
)
def test_is_alike_finds_the_same_company(name, other) -> None:
    assert is_alike(name, other)
    assert is_alike(other, name)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Greenfield Kitchens", "Greenway Cleaning"),
        ("Catering Plus", "Catering Direct"),
        ("Dunne", "Hartwell & Dunne"),
        ("!!!", "???"),
        ("", "Greenfield Kitchens"),
    ],
)
def test_is_alike_leaves_others_apart(name, other) -> None:
    assert not is_alike(name, other)
