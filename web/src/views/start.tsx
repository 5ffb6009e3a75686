import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/controls.css";
import "../styles/pages.css";
import "../styles/sheets.css";
import { render, type VNode } from "preact";
import { startLanguage } from "../i18n/language";
import type { App } from "../room/types";
import { Broken } from "./Broken";
import { AppContext } from "./context";
import { shouldStayQuiet, startExit } from "./exit";
import { startFocusKeeper } from "./focusKeeper";
import { startCountry } from "./help/country";
import { startOffline } from "./offline";
import { startPreferences } from "./preferences";
import { Quiet } from "./quiet/Quiet";
import { Root } from "./Root";
import { startRouter } from "./router";
import { startTitle } from "./title";

/** Draws the app that `open` makes. On the neutral page of the quick exit nothing is opened at all. */
export function start(open: () => App): void {
  startPreferences();
  startCountry();
  startLanguage();
  if (shouldStayQuiet()) {
    if (location.pathname !== "/quiet") history.replaceState(null, "", "/quiet");
    draw(<Quiet />);
    return;
  }
  startRouter();
  startExit();
  startFocusKeeper();
  startOffline();
  try {
    const app = open();
    startTitle(app);
    draw(
      <AppContext.Provider value={app}>
        <Root />
      </AppContext.Provider>,
    );
  } catch (error) {
    reportError(error);
    draw(<Broken />);
  }
}

/** In the place of all that stood there before the script had come. */
function draw(screen: VNode): void {
  document.body.replaceChildren();
  render(screen, document.body);
}
