const ENSEMBLE = /^ensemble:(\d+):/;

/** How many models answer as one, as the architecture's name says. */
export const memberCount = (architecture: string): number =>
  Number(ENSEMBLE.exec(architecture)?.[1] ?? 1);
