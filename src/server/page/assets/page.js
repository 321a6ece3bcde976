// What scripts add to the pages that the server writes; without them everything can be read and reached as well.

import { copyCitations } from "./citation.js";
import { useKeys } from "./keyboard.js";
import { stepThroughMatches } from "./matches.js";
import { suggestWhileTyping } from "./suggestions.js";
import { searchWhileTyping } from "./typing.js";

copyCitations();
searchWhileTyping();
suggestWhileTyping();
useKeys(stepThroughMatches());
