/** LOVE, by its parts. */
import type { Rule } from "../rule";
import { COMMANDER_RULES } from "./commander";
import { CONFIGURATION_RULES } from "./configuration";
import { CYCLE_RULES } from "./cycle";
import { DATABASE_RULES } from "./database";
import { FRONTEND_RULES } from "./frontends";
import { NGINX_RULES } from "./nginx";
import { PRODUCER_RULES } from "./producers";
import { REDIS_RULES } from "./redis";
import { SCHEDULE_RULES } from "./schedules";
import { SET_RULES } from "./sets";
import { WAY_RULES } from "./ways";

/** All of them. */
export const LOVE_RULES: readonly Rule[] = [
  ...COMMANDER_RULES,
  ...CONFIGURATION_RULES,
  ...CYCLE_RULES,
  ...DATABASE_RULES,
  ...FRONTEND_RULES,
  ...NGINX_RULES,
  ...PRODUCER_RULES,
  ...REDIS_RULES,
  ...SCHEDULE_RULES,
  ...SET_RULES,
  ...WAY_RULES,
];
