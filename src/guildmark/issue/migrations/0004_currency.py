from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("issue", "0003_batches")]

    operations = [
        migrations.AddIndex(
            model_name="credential",
            index=models.Index(
                fields=["org_id", "achievement_id", "state", "valid_until", "valid_from"],
                name="credential_currency",
            ),
        ),
    ]
