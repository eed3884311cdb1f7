"""Templates in Django's language load without the indentation of their lines."""

from pathlib import Path

from django.template import Context, Engine


def test_it_removes_indentation_and_keeps_lines_and_values(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("all:\n  {% for one in many %}\n\t {{ one }}  b\n  {% endfor %}\n\n  end\n")
    engine = Engine(dirs=[str(tmp_path)], loaders=["dashboard.web.template_loader.Loader"])
    template = engine.get_template("list.txt")
    assert template.source == "all:\n{% for one in many %}\n{{ one }}  b\n{% endfor %}\n\nend\n"
    assert template.render(Context({"many": ["two\n  lines"]})) == "all:\n\ntwo\n  lines  b\n\n\nend\n"
