/** What happens to running data and connections. */
import { allowanceOf, type FindingGroup, findingsByRisk } from "../findings";
import type { Finding, Review } from "../../model/model";
import { capital } from "../show";
import { isJudged } from "../verdict";
import { changeIds } from "./changes";
import { type Html, html, slug } from "../html";

function nothingText({ layers }: Review): string {
  return layers.every(isJudged)
    ? "Nothing that a rule knows of."
    : "Nothing is known: not every layer could be judged.";
}

/** Findings, worst first; those of one rule with the same consequences stand together. */
export function findingsSection(review: Review): Html {
  const ids = changeIds(review);
  const found = findingsByRisk(review);
  return html`<section aria-labelledby="findings-title">
    <h2 id="findings-title">What happens to running data and connections</h2>
    ${found.length === 0 && html`<p class="quiet">${nothingText(review)}</p>`}
    ${found.map(
      ({ risk, means, number, groups }) =>
        html`<div class="risk-group ${slug(risk)}">
          <h3><span class="risk">${capital(risk)} (${number})</span> <span class="small">${means}</span></h3>
          ${groups.map((group) => groupCard(group, ids))}
        </div>`,
    )}
  </section>`;
}

function groupCard({ listed, folded, why, remedy }: FindingGroup, ids: ReadonlyMap<string, string>): Html {
  const more = html`<details>
    <summary>${folded.length} more of the same</summary>
    <ul>
      ${folded.map((one) => line(one, ids))}
    </ul>
  </details>`;
  return html`<article class="finding">
    <div>
      <ul>
        ${listed.map((finding) => line(finding, ids))}
      </ul>
      ${folded.length > 0 && more}
    </div>
    <div class="consequence">
      <p>${capital(why)}.</p>
      <p><span class="small">What to do:</span> ${remedy}.</p>
    </div>
  </article>`;
}

function line(finding: Finding, ids: ReadonlyMap<string, string>): Html {
  const { what, stack, address } = finding;
  const id = ids.get(JSON.stringify([stack, address]));
  const place = html`<code>${stack}</code> <code>${address}</code>`;
  return html`<li>
    <strong>${capital(what)}</strong> ${allowance(finding)}
    <span class="place">${id === undefined ? place : html`<a href="#${id}">${place}</a>`}</span>
  </li>`;
}

function allowance(finding: Finding): Html | false {
  const found = allowanceOf(finding);
  if (!found) return false;
  const entry = found.entry !== undefined && html`<code>${found.entry}</code>`;
  if (found.allowed) return html`<span class="mark allowed">allowed</span> <span class="place">by ${entry}</span>`;
  return html`<span class="mark forbidden">not allowed</span>
    ${entry && html`<span class="place">${entry} would allow it</span>`}`;
}
