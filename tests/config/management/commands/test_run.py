"""What `make run` prints is all that a newcomer needs."""

from config.management.commands import run


def test_find_addresses_names_the_platform_the_collective_and_the_networks(alder, birch):
    assert run.find_addresses() == {
        "Platform": "http://localhost:8000/",
        "Collective": "http://collective.localhost:8000/",
        "Alder SBM Network": "http://alder.localhost:8000/",
        "Birch Bursars": "http://birch.localhost:8000/",
    }


def test_banner_says_where_as_whom_and_where_the_mail_is(alder):
    lines = [line.split() for line in run.banner().splitlines() if line]

    assert lines == [
        ["Platform", "http://localhost:8000/"],
        ["Collective", "http://collective.localhost:8000/"],
        ["Alder", "SBM", "Network", "http://alder.localhost:8000/"],
        ["Birch", "Bursars", "http://birch.localhost:8000/"],
        ["Member", "member@alder.example"],
        ["Organiser", "organiser@alder.example"],
        ["Operator", "operator@example.org", "(on", "the", "platform)"],
        ["Password", "collective-demo"],
        ["Emails", "http://alder.localhost:8000/dev/mail/", "(each", "host", "shows", "its", "own)"],
        ["Mail", "in", "smtp://127.0.0.1:8025", "(for", "addresses", "at", "alder.localhost)"],
        ["Stripe", "http://127.0.0.1:8030/", "(a", "stand-in:", "no", "money", "moves)"],
        ["Ctrl-C", "stops", "everything."],
    ]


def test_step_says_what_goes_on_and_how_long_it_took(capsys):
    with run.step("Migrating"):
        pass

    assert capsys.readouterr().out == "Migrating … 0.0 s\n"
