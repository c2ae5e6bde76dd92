"""The embedded AWS behind one interface: other packages import these names only (an import contract).

`Cloud` has start, stop, healthy, url, credentials, client, logs and contents. `python -m cdktf_harness.cloud` runs one.
Each name is imported when it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from terraform_standins.lazy_names import lazy

if TYPE_CHECKING:
    from cdktf_harness.cloud.access_config import Credentials as Credentials
    from cdktf_harness.cloud.client import Cloud as Cloud
    from cdktf_harness.cloud.client import messages as messages
    from cdktf_harness.cloud.debugger import debugging as debugging
    from cdktf_harness.cloud.debugger import has_debugger as has_debugger
    from cdktf_harness.cloud.docker_cleanup import remove_leftovers as remove_leftovers
    from cdktf_harness.cloud.fault_injection import Fault as Fault
    from cdktf_harness.cloud.fault_injection import Faults as Faults
    from cdktf_harness.cloud.functions import ENGINE_ERROR as ENGINE_ERROR
    from cdktf_harness.cloud.functions.mocks import Mock as Mock
    from cdktf_harness.cloud.functions.network import can_share_network as can_share_network
    from cdktf_harness.cloud.functions.network import ensure_helper_image as ensure_helper_image
    from cdktf_harness.cloud.parent_watchdog import end_with_this_process as end_with_this_process
    from cdktf_harness.cloud.pid_file import running_clouds as running_clouds
    from cdktf_harness.cloud.ports import HOST as HOST
    from cdktf_harness.cloud.ports import is_free as is_free
    from cdktf_harness.cloud.served import SERVED as SERVED
    from cdktf_harness.cloud.server_process import ACCOUNT as ACCOUNT

_HOMES = {
    "ACCOUNT": "server_process",
    "Cloud": "client",
    "Credentials": "access_config",
    "ENGINE_ERROR": "functions",
    "Fault": "fault_injection",
    "Faults": "fault_injection",
    "HOST": "ports",
    "Mock": "functions.mocks",
    "SERVED": "served",
    "can_share_network": "functions.network",
    "debugging": "debugger",
    "end_with_this_process": "parent_watchdog",
    "ensure_helper_image": "functions.network",
    "has_debugger": "debugger",
    "is_free": "ports",
    "messages": "client",
    "remove_leftovers": "docker_cleanup",
    "running_clouds": "pid_file",
}

__all__ = sorted(_HOMES)
__getattr__ = lazy(__name__, _HOMES)
