const ADJECTIVES =
  'big small large tall short long high low fast slow quick cheap easy hard simple strong weak heavy light dark bright old young new late early ' +
  'rich poor hot cold warm cool wet dry thick thin wide narrow deep shallow full clean dirty smooth rough sharp loud quiet safe happy sad pretty ' +
  'ugly smart clever stupid dumb soft tight loose great nice fine near close few fat slim lean healthy sick busy lazy angry calm brave kind mean ' +
  'rude polite sweet sour bitter salty spicy tasty fresh rare common tiny huge costly pricey lucky funny scary crazy weird strange odd tough ' +
  'dense steep fair plain pure raw real rigid ripe sane sick sturdy tidy tender true vast wealthy wild wise lonely lovely likely deadly friendly';

/** Comparatives and superlatives that are made by ending, and the lemma and step of each. */
export const DEGREES: ReadonlyMap<string, { readonly base: string; readonly degree: 'er' | 'est' }> = new Map(
  ADJECTIVES.split(' ').flatMap((base) => {
    const stem = stemOf(base);
    return (['er', 'est'] as const).map((degree) => [stem + degree, { base, degree }] as const);
  }),
);

function stemOf(base: string): string {
  if (base.endsWith('e')) return base.slice(0, -1);
  if (/[^aeiou]y$/.test(base)) return `${base.slice(0, -1)}i`;
  return /^[^aeiou]*[aeiou][bdgmnpt]$/.test(base) ? base + base.slice(-1) : base;
}
