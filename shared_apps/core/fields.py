"""A bound form field as the values components/field.html and its sisters draw."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    Field,
    FileInput,
    RadioSelect,
    Select,
    Widget,
)
from django.forms.widgets import ChoiceWidget


def as_component(bound: BoundField, **options: Any) -> tuple[str, dict[str, Any]]:
    """Return the component's name and its values. Options, all optional:

    who: who sees what is typed; who_url, who_link: a link after it. label, hint: other words than the form's.
    css: more classes for the control. cards: {value: hint} draws radio buttons as cards. wide: the whole width.
    optional: False leaves "(optional)" out. files: [{"name", "size", "url"}] already attached.
    """
    values = _words(bound, options) | _ids(bound, options)
    widget = bound.field.widget
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "choices", values | {"choices": list(_choices(bound, options.get("cards"))), "cards": "cards" in options}
    if isinstance(widget, CheckboxInput):
        return "checkbox", values | {"control": _control(bound, values, "form-check-input")}
    if isinstance(widget, FileInput):
        files = {"files": options.get("files", ())}
        return "file_field", values | files | {"control": _control(bound, values, "form-control")}
    css = "form-select" if isinstance(widget, Select) else "form-control"
    return "field", values | {"control": _control(bound, values, f"{css} {options.get('css', '')}".strip())}


def errors_of(form: BaseForm) -> Iterator[dict[str, str]]:
    """Yield each error of a form as text and the address of its field; errors of the whole form have none."""
    for error in form.non_field_errors():
        yield {"text": error, "url": ""}
    for bound in form:
        for error in _errors(bound):
            yield {"text": error, "url": f"#{_first_id(bound)}"}


def status_of(*forms: BaseForm) -> int:
    """Return the status of a page with forms: 422 where one was sent and refused."""
    return 422 if any(form.is_bound and form.errors for form in forms) else 200


def _words(bound: BoundField, options: Mapping[str, Any]) -> dict[str, Any]:
    marked = not bound.field.required and options.get("optional", True)
    return {
        "label": options.get("label") or bound.label,
        "hint": options.get("hint") or bound.help_text,
        "errors": _errors(bound),
        "optional": marked and not isinstance(bound.field.widget, CheckboxInput),
        "who": options.get("who", ""),
        "who_url": options.get("who_url", ""),
        "who_link": options.get("who_link", "Change who sees this"),
        "wide": options.get("wide", False),
    }


def _ids(bound: BoundField, options: Mapping[str, Any]) -> dict[str, str]:
    """Ids of the parts, and those that describe the control, in the order they are read."""
    parts = {
        "hint_id": f"{bound.auto_id}-hint" if options.get("hint") or bound.help_text else "",
        "error_id": f"{bound.auto_id}-error" if bound.errors else "",
        "who_id": f"{bound.auto_id}-who" if options.get("who") else "",
    }
    return {"id": bound.auto_id, "described_by": " ".join(filter(None, parts.values())), **parts}


def _errors(bound: BoundField) -> list[str]:
    """The field's errors; Django's "This field is required." does not say which, so ours does."""
    silent = str(Field.default_error_messages["required"])
    return [_required_words(bound) if error == silent else error for error in bound.errors]


def _required_words(bound: BoundField) -> str:
    chosen = isinstance(bound.field.widget, ChoiceWidget)
    return f"Choose one for “{bound.label}”" if chosen else f"Fill in “{bound.label}”"


def _control(bound: BoundField, values: Mapping[str, Any], css: str) -> str:
    attrs = {"class": _classes(bound.field.widget, css)}
    if values["described_by"]:
        attrs["aria-describedby"] = values["described_by"]
    return bound.as_widget(attrs=attrs)


def _classes(widget: Widget, css: str) -> str:
    return f"{css} {widget.attrs.get('class', '')}".strip()


def _choices(bound: BoundField, hints: Mapping[str, str] | None) -> Iterator[dict[str, Any]]:
    for choice in bound:
        choice.data["attrs"] |= {"class": "form-check-input"}
        value = str(choice.data["value"])
        yield {
            "id": choice.id_for_label,
            "label": choice.choice_label,
            "hint": (hints or {}).get(value, ""),
            "control": choice.tag(),
        }


def _first_id(bound: BoundField) -> str:
    """The id a link in the error summary goes to: for choices, the first of them."""
    if isinstance(bound.field.widget, RadioSelect | CheckboxSelectMultiple):
        return f"{bound.auto_id}_0"
    return bound.id_for_label or bound.auto_id
