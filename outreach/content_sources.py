"""Where a page may take what from: nowhere but here (A6). Strict: no inline script or style, no foreign origin."""

_SELF, _NONE = "'self'", "'none'"

CONTENT_SOURCES = {
    "default-src": [_NONE],
    "script-src": [_SELF],
    "style-src": [_SELF],
    "img-src": [_SELF, "data:"],
    "font-src": [_SELF],
    "connect-src": [_SELF],
    "form-action": [_SELF],
    "base-uri": [_NONE],
    "frame-ancestors": [_NONE],
    "object-src": [_NONE],
}
