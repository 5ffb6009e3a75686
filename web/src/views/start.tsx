import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/controls.css";
import "../styles/pages.css";
import "../styles/sheets.css";
import { render } from "preact";
import { startLanguage } from "../i18n/language";
import type { App } from "../room/types";
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
    render(<Quiet />, document.body);
    return;
  }
  const app = open();
  startRouter();
  startExit();
  startFocusKeeper();
  startTitle(app);
  startOffline();
  render(
    <AppContext.Provider value={app}>
      <Root />
    </AppContext.Provider>,
    document.body,
  );
}
