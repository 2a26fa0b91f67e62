import { Module } from "@medusajs/framework/utils";

import { MODULE } from "../../lib/names";
import WordmouthService from "./service";

export default Module(MODULE, { service: WordmouthService });
