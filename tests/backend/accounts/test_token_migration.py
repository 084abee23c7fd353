"""Tokens of before the scopes keep working."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone


@pytest.mark.django_db(transaction=True)
def test_former_tokens_get_scopes_and_an_end() -> None:
    executor = MigrationExecutor(connection)
    everything = executor.loader.graph.leaf_nodes()
    try:
        executor.migrate([("accounts", "0001_initial")])
        before = executor.loader.project_state([("accounts", "0001_initial")]).apps
        user = before.get_model("accounts", "User").objects.create(username="former")
        before.get_model("accounts", "ApiToken").objects.create(user=user, digest="d", prefix="cvln_former")
    finally:
        MigrationExecutor(connection).migrate(everything)

    from backend.accounts.models import ApiToken  # noqa: PLC0415 (the table has its columns again)

    token = ApiToken.objects.get()
    assert token.scopes == ["analyses:read", "analyses:write"]
    assert (token.name, token.second_factor) == ("token", False)
    assert 89 <= (token.expires_at - timezone.now()).days <= 90
