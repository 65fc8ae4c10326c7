"""Reference data in and out by django-import-export, in pages of our own. Never on the path of lists."""
