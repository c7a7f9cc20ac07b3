/** Every change, to be searched and opened. */
import { chartText, objectText } from "../difference-lines";
import { type Change, type Difference, type LayerReview, type Review, RISKS } from "../../model/model";
import { risksOf } from "../../model/tally";
import { capital, sideText, textLines } from "../show";
import { type Html, html, slug } from "../html";

/** Ids of the changes in the page, by stack and address in JSON. */
export function changeIds({ layers }: Review): ReadonlyMap<string, string> {
  return new Map(
    layers.flatMap(({ stack, changes }, i) =>
      changes.map(({ address }, j) => [JSON.stringify([stack, address]), `change-${i}-${j}`] as const),
    ),
  );
}

/** Changes, worst first, below what filters them. */
export function changesSection(review: Review): Html | false {
  const changes = RISKS.flatMap((risk) =>
    review.layers.flatMap((layer, i) =>
      layer.changes.flatMap((change, j) =>
        change.risk === risk ? [changeEntry(layer, change, `change-${i}-${j}`)] : [],
      ),
    ),
  );
  if (changes.length === 0) return html`<div id="changes"></div>`;
  return html`<section aria-labelledby="changes" class="changes">
    <h2 id="changes" tabindex="-1">Changes, worst first</h2>
    <form class="tools" role="search">
      <label class="find"
        ><span class="small">Search</span>
        <input type="search" id="search" placeholder="name, key or value ( / )" autocomplete="off" spellcheck="false"
      /></label>
      <fieldset>
        <legend class="small">Risk</legend>
        ${RISKS.map((risk) =>
          chip(
            "risk",
            slug(risk),
            risk,
            review.layers.some((layer) => layer.changes.some((one) => risksOf(one).includes(risk))),
          ),
        )}
      </fieldset>
      <fieldset>
        <legend class="small">Layer</legend>
        ${review.layers.map((layer, i) => chip("layer", String(i), layer.layer, layer.changes.length > 0))}
      </fieldset>
      <div class="actions">
        <button type="button" id="open-all">Open all</button> <button type="button" id="close-all">Close all</button>
        <button type="button" id="clear">Show all</button>
      </div>
      <output id="shown" for="search">${changes.length} of ${changes.length} changes</output>
    </form>
    <div class="list">${changes}</div>
  </section>`;
}

function chip(kind: string, value: string, label: string, there: boolean): Html | false {
  return (
    there &&
    html`<label class="chip ${kind === "risk" && value}"
      ><input type="checkbox" name="${kind}" value="${value}" /><span>${label}</span></label
    >`
  );
}

function changeEntry(layer: LayerReview, change: Change, id: string): Html {
  const { risk, action, name, address, reason, previousAddress, differences, release } = change;
  const chart = release && chartText(release);
  return html`<details
    class="change ${slug(risk)}"
    id="${id}"
    data-risk="${[...new Set(risksOf(change))].map(slug).join(" ")}"
    data-layer="${id.split("-")[1]}"
  >
    <summary>
      <span class="risk">${capital(risk)}</span> <span class="action">${action}</span> <strong>${name}</strong>
      <code>${layer.stack}</code>
    </summary>
    <div class="body">
      <p class="address">
        <code>${address}</code
        >${previousAddress !== undefined && html` <span class="small">was</span> <code>${previousAddress}</code>`}
      </p>
      ${reason !== undefined && html`<p>${reason}</p>`}
      ${chart !== undefined && html`<p class="chart"><span class="small">Chart</span> ${chart}</p>`}
      ${
        release &&
        release.notes.length > 0 &&
        html`<ul class="notes">
          ${release.notes.map((note) => html`<li>${note}</li>`)}
        </ul>`
      }
      ${differenceTable("Attributes", differences)}
      ${release && differenceTable("Values of the release", release.values)}
      ${release?.objects.map(
        (object) =>
          html`<h3>${objectText(object)}</h3>
            ${differenceTable(undefined, object.differences)}`,
      )}
    </div>
  </details>`;
}

function differenceTable(title: string | undefined, differences: readonly Difference[]): Html | false {
  if (differences.length === 0) return false;
  return html`${title !== undefined && html`<h3>${title}</h3>`}
    <table class="differences">
      <thead>
        <tr>
          <th scope="col">key</th>
          <th scope="col">before</th>
          <th scope="col">after</th>
        </tr>
      </thead>
      <tbody>
        ${differences.map(differenceRow)}
      </tbody>
    </table>`;
}

function differenceRow(difference: Difference): Html {
  const { path, before, after, replaces } = difference;
  const key = html`<th scope="row">
    <code>${path}</code>${replaces && html` <span class="mark forbidden">replaces it</span>`}
  </th>`;
  const lines = textLines(difference);
  if (lines)
    return html`<tr>
      ${key}
      <td colspan="2">
        <pre tabindex="0">
${lines.map(({ sign, text }) => html`<span class="${LINE[sign]}">${sign} ${text}</span>`)}</pre>
      </td>
    </tr>`;
  return html`<tr>
    ${key}
    <td class="before">${side(before)}</td>
    <td class="after">${side(after)}</td>
  </tr>`;
}

const LINE = { "-": "gone", "+": "new", " ": "same", "…": "leap" } as const;

function side(shown: Difference["before"]): Html {
  const text = sideText(shown);
  if (text === undefined) return html`<span class="none">not there</span>`;
  return shown?.kind === "value" ? html`<code>${text}</code>` : html`<em>${text}</em>`;
}
