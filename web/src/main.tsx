import { createApp } from "./room/app";
import { start } from "./views/start";

start(createApp);
