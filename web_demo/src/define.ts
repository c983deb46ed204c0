/** Makes `<virtual-anchor>` known to the page that loads this script. */

import { define } from "./element";

define();
