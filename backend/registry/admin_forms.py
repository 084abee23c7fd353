"""The forms of Django's admin for model versions; intake and services are the same as everywhere."""

from django import forms
from unfold.forms import ActionForm
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminTextInputWidget

from backend.accounts.models import User
from backend.registry.errors import RegistryError
from backend.registry.intake import incoming_file
from backend.registry.models import NAME_LENGTH, REASON_LENGTH, ModelVersion
from backend.registry.services import model_version_upload


class ReasonActionForm(ActionForm):
    """The history asks why."""

    reason = forms.CharField(
        label="",
        required=False,
        max_length=REASON_LENGTH,
        widget=UnfoldAdminTextInputWidget({"placeholder": "Reason (goes into the history)"}),
    )


class UploadForm(forms.Form):
    """A checkpoint and why it comes in. A worker checks it; before that it can't become active."""

    file = forms.FileField(
        help_text="A .safetensors file with its manifest.", widget=UnfoldAdminFileFieldWidget
    )
    name = forms.CharField(
        required=False,
        max_length=NAME_LENGTH,
        help_text="The manifest's name when left empty.",
        widget=UnfoldAdminTextInputWidget,
    )
    sha256 = forms.CharField(
        required=False,
        max_length=64,
        label="sha256",
        help_text="Of the file, if you have it: any other file is refused.",
        widget=UnfoldAdminTextInputWidget,
    )
    reason = forms.CharField(
        max_length=REASON_LENGTH, help_text="Goes into the history.", widget=UnfoldAdminTextInputWidget
    )

    def upload(self, *, actor: User) -> ModelVersion | None:
        """The version; None when it was refused, and the form says why."""
        fields = self.cleaned_data
        try:
            with incoming_file() as incoming:
                for chunk in fields["file"].chunks():
                    incoming.write(chunk)
                return model_version_upload(
                    checked=incoming.finish(),
                    reason=fields["reason"],
                    actor=actor,
                    name=fields["name"],
                    sha256=fields["sha256"],
                )
        except RegistryError as error:
            self.add_error(None, error.detail)
            return None
