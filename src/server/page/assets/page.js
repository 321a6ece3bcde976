// Entry point of the scripts. They make the pages more convenient; every page also works without them.

import { copyCitations } from "./citation.js";
import { enableShortcuts } from "./keyboard.js";
import { matchStepper } from "./matches.js";
import { suggestWhileTyping } from "./suggestions.js";
import { searchWhileTyping } from "./typing.js";

copyCitations();
searchWhileTyping();
suggestWhileTyping();
enableShortcuts(matchStepper());
