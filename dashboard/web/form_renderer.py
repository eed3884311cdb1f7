"""How forms render: Django's templates for widgets, Diskboard's for a field with its label, hint and errors."""

from django.forms.renderers import TemplatesSetting

CHECKBOX_GROUP = "forms/checkbox_group.html"


class FormRenderer(TemplatesSetting):
    """Renders ``{{ field.as_field_group }}`` by templates/forms/field_group.html."""

    field_template_name = "forms/field_group.html"
