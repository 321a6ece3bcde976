// Entry point of the scripts. They make the pages more convenient; every page also works without them.

import { chooseByDragging } from "./chart.js";
import { copyTexts } from "./copy.js";
import { enableShortcuts } from "./keyboard.js";
import { matchStepper } from "./matches.js";
import { collectQuotes } from "./quotes.js";
import { suggestWhileTyping } from "./suggestions.js";
import { searchWhileTyping } from "./typing.js";
import { unfoldLinks } from "./unfold.js";

copyTexts();
collectQuotes();
unfoldLinks();
chooseByDragging();
searchWhileTyping();
suggestWhileTyping();
enableShortcuts(matchStepper());
