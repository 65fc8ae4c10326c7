// Entry point. Everything here makes a page that already works a little quicker to use.
import "./htmx.js";
import "./call-keys.js";
import "./confirm.js";
import "./countdown.js";
import "./drop-zone.js";
import "./hotkeys.js";
import "./menus.js";
import "./row-keys.js";
import "./shown-when.js";
import "./submit-once.js";
