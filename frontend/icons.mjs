// Names of the icons pages may use: ours in frontend/icons/, DKFDS's in node_modules/dkfds/src/img/svg-icons/.
export const OWN_ICONS = ["phone"];

export const ICONS = [
  "account", "analytics", "arrow-back", "arrow-forward", "assignment", "attach-file", "calendar-month", "car", "chat",
  "check", "checklist", "chevron-down", "chevron-left", "chevron-right", "chevron-up", "close", "contact-card",
  "copy", "delete", "document", "download", "edit", "email", "error", "file", "file-excel", "file-pdf", "file-word",
  "first-page", "flag", "groups", "headset", "help", "home", "hourglass", "how-to-reg", "info", "language",
  "last-page", "list-bulleted", "list-check", "location", "lock", "map", "menu", "minus", "more-horiz", "more-vert",
  "notifications", "open-in-new", "person", "person-add", "persons", "plus", "print", "refresh", "reply", "save",
  "search", "send", "settings", "smartphone", "student", "success", "summary", "sync", "time", "tune", "upload",
  "visibility", "visibility-off", "warning",
];
