import type { IntentGuess, ToolCategory } from './options.ts';

/**
 * What each tool has in its favour for a request of certain categories: `weight` times the confidence of its
 * category; of several categories, the most. Tools of no likely category are not in the map.
 *
 * @param guesses what `classify` said of the request
 * @param categories what the classifier's labels stand for
 * @param weight the boost of a tool whose category is certain, in the unit of what it is added to
 * @example
 * const boosts = categoryBoosts(await classifier.classify(request), categories, 0.3);
 */
export function categoryBoosts(
  guesses: readonly IntentGuess[],
  categories: readonly ToolCategory[],
  weight: number,
): ReadonlyMap<string, number> {
  const confidences = new Map(guesses.map(({ label, confidence }) => [label, Math.min(1, confidence)]));
  const boosts = new Map<string, number>();
  for (const { name, tools } of categories) {
    const boost = (confidences.get(name) ?? 0) * weight;
    // Not a number is no boost, either.
    if (!(boost > 0)) continue;
    for (const tool of tools) boosts.set(tool, Math.max(boost, boosts.get(tool) ?? 0));
  }
  return boosts;
}
