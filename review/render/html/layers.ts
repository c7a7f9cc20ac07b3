/** Numbers of each layer. */
import { type Review, RISKS } from "../../model/model";
import { tallyOf } from "../../model/tally";
import { actionsText, actionsTitle, stateText } from "../verdict";
import { type Html, html, slug } from "../html";

/** The layers in the order in which they are applied: state, changes by risk, what Terraform does. */
export function layersSection(review: Review): Html {
  return html`<section aria-labelledby="layers-title">
    <h2 id="layers-title">Layers, in the order in which they are applied</h2>
    <p class="hint small">The table goes on to the right: scroll it sideways.</p>
    <div class="scroll" tabindex="0" role="group" aria-label="Table of the layers; scrolls sideways">
      <table class="layers">
        <thead>
          <tr>
            <th scope="col">layer</th>
            <th scope="col">state</th>
            ${RISKS.map((risk) => html`<th scope="col" class="count">${risk}</th>`)}
            <th scope="col">${actionsTitle(review)}</th>
          </tr>
        </thead>
        <tbody>
          ${review.layers.map((layer) => {
            const { stack, status, changes, lines } = layer;
            return html`<tr>
                <th scope="row">${stack}</th>
                <td><span class="state ${status}">${stateText(layer, review)}</span></td>
                ${tallyOf(changes).map(({ risk, number }) => {
                  return html`<td class="count ${number > 0 && slug(risk)}">
                    ${number > 0 ? number : html`<span class="none">·</span>`}
                  </td>`;
                })}
                <td>${actionsText(layer)}</td>
              </tr>
              ${
                lines.length > 0 &&
                html`<tr class="lines">
                  <td colspan="${RISKS.length + 3}">${lines.map((line) => html`<p>${line}</p>`)}</td>
                </tr>`
              }`;
          })}
        </tbody>
      </table>
    </div>
  </section>`;
}
