from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("design", "0011_tools"),
    ]

    operations = [
        migrations.AddField(
            model_name="publicationrecord",
            name="advice",
            field=models.JSONField(null=True),
        ),
    ]
