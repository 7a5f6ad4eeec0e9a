"""The first plans and the VAT rate of this day; an operator's later changes stay."""

from datetime import date

from django.db import migrations

PLANS = (  # code, name, members, pence a term, pence a year
    ("small", "Small", 50, 60_00, 150_00),
    ("medium", "Medium", 200, 120_00, 300_00),
    ("large", "Large", 600, 220_00, 550_00),
    ("any", "Any size", None, 400_00, 1_000_00),
)


def add(apps, _schema_editor):
    plan, vat = apps.get_model("billing", "Plan"), apps.get_model("billing", "VatRate")
    for code, name, members, term, year in PLANS:
        defaults = {"name": name, "member_limit": members, "pence_per_term": term, "pence_per_year": year}
        plan.objects.get_or_create(code=code, defaults=defaults)
    vat.objects.get_or_create(from_date=date(2011, 1, 4), defaults={"basis_points": 2000})


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
