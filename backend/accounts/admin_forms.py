"""The forms by which a site admin makes and changes accounts in Django's admin."""

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from backend.accounts.models import User
from backend.accounts.roles import Role
from backend.accounts.users import name_is_taken, roles_check
from backend.core.problems import ApiProblem

ROLES_HELP = "An account without a role is a clinician. An auditor reads everything and has no other role."


class RolesField(forms.ModelMultipleChoiceField):
    """Roles by their names for people."""

    def label_from_instance(self, group: Group) -> str:
        return group.name.replace("_", " ")


class AccountForm(forms.ModelForm):
    """Name, address, roles; the password is its owner's business."""

    groups = RolesField(
        label="roles",
        queryset=Group.objects.filter(name__in=[role.value for role in Role]).order_by("name"),
        required=False,
        help_text=ROLES_HELP,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )

    class Meta:
        model = User
        fields = ("username", "email", "groups", "is_superuser", "is_active")
        labels = {"is_superuser": "site admin", "is_active": "active"}
        help_texts = {
            "is_superuser": "Does everything, and alone manages accounts.",
            "is_active": "Take it away instead of deleting an account: its work stays.",
        }

    def clean_username(self) -> str:
        """Ann and ann would be mistaken for each other."""
        name = str(self.cleaned_data["username"])
        if name_is_taken(name, but_for=self.instance):
            raise ValidationError("There is an account of this name already.", code="username_taken")
        return name

    def clean_groups(self) -> Any:
        """An auditor has no second role."""
        groups = self.cleaned_data["groups"]
        try:
            roles_check(Role(group.name) for group in groups)
        except ApiProblem as error:
            raise ValidationError(str(error.detail), code=error.code) from None
        return groups


class NewAccountForm(AccountForm):
    """A new account has no password until its owner has chosen one."""

    class Meta(AccountForm.Meta):
        fields = ("username", "email", "groups", "is_superuser")  # type: ignore[assignment]

    def save(self, commit: bool = True) -> User:
        self.instance.set_unusable_password()
        saved: User = super().save(commit=commit)
        return saved
