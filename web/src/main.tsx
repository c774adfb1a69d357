// The entry: styles, the frame, the start.
import { render } from "preact";
import "uplot/dist/uPlot.min.css";
import "./styles/main.css";
import { App } from "./pages/App";
import { boot } from "./state/boot";
import { followAddress } from "./state/route";

const host = document.getElementById("app");
if (host !== null) {
  followAddress();
  boot();
  render(<App />, host);
}
