/** The commander and the audio broadcasters: programs of LOVE of which there is one each. */
import { onEach, type Rule } from "../rule";
import { isPart, LOVE_WORKLOADS, workloadSays } from "./parts";

/** All of them. */
export const COMMANDER_RULES: readonly Rule[] = [
  {
    id: "love-commander",
    explanation:
      "The commander is removed, stopped or restarted: commands on their way are lost, and nobody can send one.",
    risk: "interrupts",
    find: onEach(
      LOVE_WORKLOADS,
      (resource) =>
        isPart("commander", resource) &&
        workloadSays("commander", resource, {
          gone: {
            why: "nobody sends a command from LOVE, its queries to the EFD and uploads to the Large File Annex fail, and views say that it is gone",
            remedy: "keep it",
          },
          restarts: {
            why: "there is one, and the old one ends first: commands on their way get no answer, and the script queue does not hear of them again",
            remedy: "do it while nobody observes",
          },
        }),
    ),
  },
  {
    id: "love-audio",
    explanation: "An audio broadcaster is removed, stopped or restarted: nobody hears its microphone.",
    risk: "interrupts",
    find: onEach(
      LOVE_WORKLOADS,
      (resource) =>
        isPart("broadcaster", resource) &&
        workloadSays("broadcaster", resource, {
          gone: {
            why: "nobody hears its microphone in LOVE any more",
            remedy: "tell the operators who listen to it",
          },
          restarts: {
            risk: "restarts",
            why: "whoever listens hears nothing until the page asks again",
            remedy: "do it outside observing hours",
          },
        }),
    ),
  },
];
