/** A review as one HTML page that needs nothing else: no network, no other file. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Review, RISK_MEANS, RISKS } from "../../model/model";
import { capital } from "../show";
import { tally } from "../../model/tally";
import { subtitle, verdict, worstText } from "../verdict";
import { LEGEND } from "../../model/legend";
import { changesSection } from "./changes";
import { findingsSection } from "./findings";
import { Html, html, slug } from "../html";
import { layersSection } from "./layers";
import { style } from "./style";

const digest = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/**
 * The page. Its script and its style are the only ones that the browser may take, and it may contact nobody.
 *
 * @param review - what it shows
 * @param picture - SVG of the site, already safe; left out, the page has no picture
 */
export function renderHtml(review: Review, picture?: string): string {
  const styles = style("colours", "page", "graph");
  const script = readFileSync(join(__dirname, "browser.js"), "utf8");
  const policy = [
    "default-src 'none'",
    `style-src ${digest(styles)}`,
    `script-src ${digest(script)}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${new Html(policy)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <link rel="icon" href="data:," />
        <title>${review.site}: ${worstText(review)}</title>
        ${new Html(`<style>${styles}</style>`)}
      </head>
      <body>
        <a class="skip" href="#changes">To the changes</a>
        ${head(review)}
        <main>
          ${findingsSection(review)} ${layersSection(review)} ${picture !== undefined && pictureSection(picture)}
          ${changesSection(review)}
        </main>
        <footer>
          <dl>
            ${RISKS.map(
              (risk) =>
                html`<div>
                  <dt class="risk ${slug(risk)}">${risk}</dt>
                  <dd>${RISK_MEANS[risk]}</dd>
                </div>`,
            )}
          </dl>
          <p>Secrets are never shown: all that is said of one is that it is there. ${versions(review)}</p>
        </footer>
        ${new Html(`<script>${script}</script>`)}
      </body>
    </html> `.text;
}

function head(review: Review): Html {
  const { tone, headline, notes } = verdict(review);
  return html`<header>
    <p class="eyebrow">${subtitle(review)}</p>
    <h1>${review.site}</h1>
    <div class="verdict ${tone}">
      <p class="headline">${headline}</p>
      ${notes.map((note) => html`<p>${note}</p>`)}
    </div>
    <ul class="tiles" aria-label="What happens, by risk">
      ${tally(review).map(
        ({ risk, number }) =>
          html`<li class="${slug(risk)}">
            <button
              type="button"
              class="tile"
              data-risk="${slug(risk)}"
              aria-pressed="false"
              ${number === 0 && new Html(" disabled")}
            >
              <span class="number">${number}</span> <span class="risk">${capital(risk)}</span>
            </button>
          </li>`,
      )}
    </ul>
  </header>`;
}

function pictureSection(picture: string): Html {
  return html`<section aria-labelledby="picture-title">
    <details class="picture" open>
      <summary><h2 id="picture-title">The site</h2></summary>
      <div class="canvas">${new Html(picture)}</div>
      <ul class="legend small">
        ${[
          ...LEGEND,
          "frames: layers, and the namespaces in them, which have no box of their own",
          "numbers: parts that a box stands for, then how often each risk is said of it; coloured by the worst",
        ].map((line) => html`<li>${capital(line)}.</li>`)}
      </ul>
    </details>
  </section>`;
}

function versions({ layers }: Review): string {
  const made = layers.flatMap(({ versions }) =>
    versions
      ? [`Terraform ${versions.terraform}`, ...Object.entries(versions.providers).map((one) => one.join(" "))]
      : [],
  );
  return made.length > 0 ? `Planned with ${[...new Set(made)].join(", ")}.` : "";
}
