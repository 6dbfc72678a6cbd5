/**
 * How common names are among the people of a region: to agree on a rare one says more. Kept in memory and never stored,
 * as a table of names by how often they occur could be read without its key.
 */
export type Frequencies = {
  /** The share of people with a name that compares as the same: above 0. */
  shareOf(foldedName: string): number
  /** How many people it was counted from. */
  counted: number
}

/** How common a name is on the average, and how many people that is as good as: a small sample says little. */
const USUAL_SHARE = 1e-4
const USUAL_WEIGHT = 5_000

export function countNames(foldedNames: Iterable<string>): Frequencies {
  const counts = new Map<string, number>()
  let counted = 0
  for (const name of foldedNames) {
    counted += 1
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const usual = USUAL_SHARE * USUAL_WEIGHT
  const shareOf = (name: string) => ((counts.get(name) ?? 0) + usual) / (counted + USUAL_WEIGHT)
  return { shareOf, counted }
}

/** Before anything is counted. */
export const unknownFrequencies: Frequencies = countNames([])
