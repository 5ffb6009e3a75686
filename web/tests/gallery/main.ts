import { start } from "../../src/views/start";
import { galleryApp } from "./app";

const asked = new URLSearchParams(location.search).get("state");
if (asked !== null) sessionStorage.setItem("state", asked);
start(() => galleryApp(sessionStorage.getItem("state") ?? "usual"));
