/** What happens to running data and connections. */
import { groupsOf } from "../findings";
import { type Finding, type Review, RISK_MEANS, RISKS } from "../../model/model";
import { capital } from "../show";
import { changeIds } from "./changes";
import { type Html, html, slug } from "../html";

/** Findings of one group that are listed before the rest is folded; those that lose data are never folded. */
const LISTED = 5;

/** Findings, worst first; those of one rule with the same consequences stand together. */
export function findingsSection(review: Review): Html {
  const ids = changeIds(review);
  const risks = RISKS.filter((risk) => review.findings.some((one) => one.risk === risk));
  return html`<section aria-labelledby="findings-title">
    <h2 id="findings-title">What happens to running data and connections</h2>
    ${risks.length === 0 && html`<p class="quiet">Nothing that a rule knows of.</p>`}
    ${risks.map(
      (risk) =>
        html`<div class="risk-group ${slug(risk)}">
          <h3><span class="risk">${capital(risk)}</span> <span class="small">${RISK_MEANS[risk]}</span></h3>
          ${groupsOf(review.findings.filter((one) => one.risk === risk)).map((group) => groupCard(group, ids))}
        </div>`,
    )}
  </section>`;
}

function groupCard(group: readonly Finding[], ids: ReadonlyMap<string, string>): Html {
  const [first] = group as [Finding];
  const listed = first.risk === "loses data" ? group.length : LISTED;
  const rest = group.slice(listed);
  const folded = html`<details>
    <summary>${rest.length} more of the same</summary>
    <ul>
      ${rest.map((one) => line(one, ids))}
    </ul>
  </details>`;
  return html`<article class="finding">
    <div>
      <ul>
        ${group.slice(0, listed).map((finding) => line(finding, ids))}
      </ul>
      ${rest.length > 0 && folded}
    </div>
    <div class="consequence">
      <p>${capital(first.why)}.</p>
      <p><span class="small">What to do:</span> ${first.remedy}.</p>
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

function allowance({ risk, allow, allowed }: Finding): Html | false {
  if (risk !== "loses data") return false;
  const entry = allow !== undefined && html`<code>allowDestroys: [&quot;${allow}&quot;]</code>`;
  if (allowed) return html`<span class="mark allowed">allowed</span> <span class="place">by ${entry}</span>`;
  return html`<span class="mark forbidden">not allowed</span>
    ${entry && html`<span class="place">${entry} would allow it</span>`}`;
}
