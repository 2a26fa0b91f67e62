import "@shopify/ui-extensions/preact";
import { h, render } from "preact";
import { run } from "./run.js";

export default () => run(shopify, h, (tree) => render(tree, document.body), fetch);
