"""Poll until a condition holds, as the stand-ins do."""

from terraform_standins.waiting import poll as poll
