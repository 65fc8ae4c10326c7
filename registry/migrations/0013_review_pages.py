from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Lists hold millions of rows: their indexes are made while people work on.
    atomic = False

    dependencies = [("registry", "0012_list_speed")]

    operations = [
        migrations.AddField(
            model_name='listrow',
            name='decision_before',
            field=models.CharField(help_text='what that step replaced', max_length=30, null=True),
        ),
        migrations.AddField(
            model_name='listrow',
            name='decision_step',
            field=models.PositiveIntegerField(help_text="the list's n-th step, which decided the row", null=True),
        ),
        migrations.AddField(
            model_name='nonresponderlist',
            name='decision_steps',
            field=models.PositiveIntegerField(default=0),
        ),
        AddIndexConcurrently(
            model_name='listrow',
            index=models.Index(condition=models.Q(('row_class__in', ['needs_decision', 'moved'])), fields=['nonresponder_list', 'row_class', 'problem_code', 'decision', 'row_number'], include=['municipality'], name='list_row_to_decide'),
        ),
        AddIndexConcurrently(
            model_name='listrow',
            index=models.Index(condition=models.Q(('row_class', 'gone')), fields=['nonresponder_list', 'id'], name='list_row_gone'),
        ),
        AddIndexConcurrently(
            model_name='listrow',
            index=models.Index(condition=models.Q(('decision_step__isnull', False)), fields=['nonresponder_list', 'decision_step'], include=['municipality'], name='list_row_by_step'),
        ),
    ]
