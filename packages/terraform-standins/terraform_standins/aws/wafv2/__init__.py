"""WAF: associations of web ACLs."""

from . import web_acl_association

TYPES = web_acl_association.TYPES
