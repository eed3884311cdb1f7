"""SECRET_KEY is changed node by node, as docs/install.md describes: nobody has to sign in again."""

import secrets
from pathlib import Path

import pytest

from tests.nodes.person import Person
from tests.nodes.site import Site, site
from tests.support.devcloud import Project

pytestmark = pytest.mark.full


def test_a_new_key_signs_nobody_out(tmp_path: Path, project: Project, shared: dict[str, str]) -> None:
    disk = project.create_disk("data")
    with site(tmp_path, OS_AUTH_URL=project.auth_url, **shared) as here:
        old, new = here.secret_key, secrets.token_urlsafe(40)
        people: list[Person] = []
        begun = newcomer(here, project, people).open_creation(disk.id, "begun with the old key")
        # First all nodes can read what is written with the new key, then they write with it, and in the end they forget
        # the old one.
        for key, fallbacks in ((old, new), (new, old)):
            for node in here.nodes:
                node.restart_with(SECRET_KEY=key, SECRET_KEY_FALLBACKS=fallbacks)
                # Whoever is signed in stays so at both nodes, and so does somebody who signs in now.
                newcomer(here, project, people)
                for person in people:
                    assert_signed_in(person)
        assert people[0].send(begun).status == 204
        assert "begun with the old key" in people[0].ask(f"{people[0].home}/disks/").text, "The toast"
        latest = newcomer(here, project, people)
        for node in here.nodes:
            node.restart_with(SECRET_KEY_FALLBACKS="")
            assert_signed_in(latest)
        assert all("Traceback" not in node.log for node in here.nodes)
        assert len({one.nodes[-1] for one in here.answered()}) == 2


def newcomer(here: Site, project: Project, people: list[Person]) -> Person:
    """Somebody who signs in now."""
    person = Person(here.url, here.certificate, project)
    assert person.sign_in().status == 200
    people.append(person)
    return person


def assert_signed_in(person: Person) -> None:
    """Whichever node answers, the person is signed in."""
    for _ in range(4):
        answer = person.ask(f"{person.home}/disks/")
        assert answer.status == 200
        assert answer.path == f"{person.home}/disks/"
