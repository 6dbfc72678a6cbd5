/** How common names are among the people of a region: to agree on a rare one says more. */
export type Frequencies = {
  /** The share of people with a name that compares as the same: above 0. */
  shareOf(foldedName: string): number
  /** How many people it was counted from. */
  counted: number
}

/** How often each name occurs. Stored sealed alone: by how often they occur names can be told without their key. */
export type NameCounts = { byName: ReadonlyMap<string, number>; counted: number }

/** How common a name is on the average, and how many people that is as good as: a small sample says little. */
const USUAL_SHARE = 1e-4
const USUAL_WEIGHT = 5_000

export const countNames = (foldedNames: Iterable<string>): Frequencies =>
  frequenciesOf(tallyNames(foldedNames))

export function tallyNames(foldedNames: Iterable<string>): NameCounts {
  const byName = new Map<string, number>()
  let counted = 0
  for (const name of foldedNames) {
    counted += 1
    byName.set(name, (byName.get(name) ?? 0) + 1)
  }
  return { byName, counted }
}

export function frequenciesOf({ byName, counted }: NameCounts): Frequencies {
  const usual = USUAL_SHARE * USUAL_WEIGHT
  const shareOf = (name: string) => ((byName.get(name) ?? 0) + usual) / (counted + USUAL_WEIGHT)
  return { shareOf, counted }
}

/** Before anything is counted. */
export const unknownFrequencies: Frequencies = countNames([])
