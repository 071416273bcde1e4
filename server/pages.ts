/** Where the project explains its rules on the web. */
import { homepage } from '../package.json';
import { ruleById } from '../rules/index.js';

const repository = homepage.replace(/#.*$/, '');

/** The rule's page in the project's repository; for the id of wrong suppressions, the README's section on them. */
export function pageOf(ruleId: string): string {
  const rule = ruleById.get(ruleId);
  return rule === undefined
    ? `${repository}#suppression`
    : `${repository}/blob/main/rules/${rule.layer}/README.md#${ruleId}`;
}
