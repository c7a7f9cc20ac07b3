/** How to read the picture of a site; drawn below it, and written beside it. */
export const LEGEND = [
  "full lines: data, the way they go; where no configuration tells, from who asks to who answers",
  "dashed lines: applied before",
  "cylinders: with volumes",
] as const;
