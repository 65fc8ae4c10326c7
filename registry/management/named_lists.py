"""Find the list that a command line names."""

from django.utils.translation import gettext as _

from outreach.errors import UserError

from ..models import NonresponderList


def list_by_id(list_id: int) -> NonresponderList:
    """The list with this number. Raises UserError `unknown_list`."""
    found = NonresponderList.objects.filter(pk=list_id).first()
    if found is None:
        raise UserError("unknown_list", _("Der findes ingen liste med nummer %(id)s.") % {"id": list_id})
    return found
