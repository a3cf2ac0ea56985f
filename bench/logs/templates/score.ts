/** How well lines were grouped. */
export interface Score {
  /** Share of lines whose group holds exactly the lines of their event (Zhu et al., ICSE-SEIP 2019). */
  readonly accuracy: number;
  /** Harmonic mean of precision and recall over whole groups (Jiang et al., ISSTA 2024: FGA). */
  readonly f1: number;
  readonly groups: number;
  readonly events: number;
}

/** Compares the groups found with the events labelled, line by line. */
export function scoreGroups(found: readonly (number | string)[], events: readonly string[]): Score {
  const sizes = new Map<string, number>();
  for (const event of events) sizes.set(event, (sizes.get(event) ?? 0) + 1);
  const groups = new Map<number | string, string[]>();
  for (const [line, event] of events.entries()) {
    const id = found[line] ?? '';
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [event]);
    else group.push(event);
  }
  let lines = 0;
  let exact = 0;
  for (const group of groups.values()) {
    const [event = ''] = group;
    if (group.length !== sizes.get(event) || group.some((other) => other !== event)) continue;
    lines += group.length;
    exact++;
  }
  return {
    accuracy: lines / events.length,
    f1: (2 * exact) / (groups.size + sizes.size),
    groups: groups.size,
    events: sizes.size,
  };
}
