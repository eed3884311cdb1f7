"""A user who works through HTTP, without a browser's costs."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import requests

from tests.support.devcloud import Project
from tests.support.html import Page

TOKEN = "csrfmiddlewaretoken"
PARTIAL = {"HX-Request": "true"}


@dataclass(frozen=True)
class Answer:
    """An answer to a request; `sent` names what was sent."""

    sent: str
    status: int
    text: str
    path: str


@dataclass
class Person:
    """A user with a separate browser. A request that gets no answer has status 599."""

    url: str
    certificate: Path
    project: Project
    answers: list[Answer] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.browser = requests.Session()
        self.browser.trust_env = False
        self.browser.verify = str(self.certificate)
        self.home = f"/p/{self.project.project_id}"

    def ask(self, path: str, form: dict[str, str] | None = None, *, partial: bool = False) -> Answer:
        """Send a GET, or a POST with the fields of a form."""
        method = "GET" if form is None else "POST"
        headers = {"Referer": self.url, **(PARTIAL if partial else {})}
        sent = f"{method} {path}"
        try:
            got = self.browser.request(method, self.url + path, data=form, headers=headers, timeout=60)
        except requests.RequestException as error:
            answer = Answer(sent, 599, str(error), path)
        else:
            answer = Answer(sent, got.status_code, got.text, urlsplit(got.url).path)
        self.answers.append(answer)
        return answer

    def sign_in(self, password: str = "") -> Answer:
        """Sign in, by default with the right password."""
        token = hidden(self.ask("/sign-in/").text, TOKEN)
        form = {"user_name": self.project.username, "password": password or self.project.password, "domain": "Default"}
        return self.ask("/sign-in/", {**form, "csrfmiddlewaretoken": token})

    def open_creation(self, disk_id: str, name: str) -> tuple[str, dict[str, str]]:
        """Open the dialog for a snapshot; return its URL and its fields."""
        path = f"{self.home}/disks/{disk_id}/create-snapshot/"
        dialog = self.ask(path, partial=True).text
        form = {"name": name, "description": "", "properties": "", "key": hidden(dialog, "key")}
        return path, {**form, "csrfmiddlewaretoken": hidden(dialog, TOKEN)}

    def send(self, dialog: tuple[str, dict[str, str]]) -> Answer:
        """Send an open dialog."""
        path, form = dialog
        return self.ask(path, form, partial=True)

    def create_snapshot(self, disk_id: str, name: str) -> Answer:
        """Create a snapshot by the dialog."""
        return self.send(self.open_creation(disk_id, name))

    def delete_snapshot(self, snapshot_id: str) -> Answer:
        """Delete a snapshot as its dialog does."""
        token = hidden(self.ask(f"{self.home}/snapshots/").text, TOKEN)
        form = {"ids": snapshot_id, "csrfmiddlewaretoken": token}
        return self.ask(f"{self.home}/snapshots/delete/run/", form, partial=True)


def hidden(text: str, name: str) -> str:
    """Return the value of the first hidden field with this name, or an empty string."""
    return next(iter(Page(text).hidden(name)), "") if text else ""
